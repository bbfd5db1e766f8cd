/** Accounts in memory, for tests: invitations used once, sessions, roles. */

import type { Accounts, Refusal, Staff } from "../../bot/app/services.ts";
import type { StaffId } from "../../bot/core/ids.ts";
import type { Role } from "../../bot/ports/store.ts";

interface Kept {
  staff: Staff;
  password: string;
  disabled: boolean;
}

const no = (code: Refusal["code"], message: string = code): Refusal => ({ ok: false, code, message });

export const TEST_PASSWORD = "mot mat khau dai";

/** Ready accounts: one of each role, and `all`, who has every role. */
export function fakeAccounts() {
  const people = new Map<string, Kept>();
  const sessions = new Map<string, string>();
  const invitations = new Map<string, readonly Role[]>();
  const resets = new Map<string, Kept>();
  let count = 0;
  const begin = (kept: Kept) => {
    count += 1;
    const session = `session-${count}`;
    sessions.set(session, kept.staff.id);
    return { ok: true as const, session, staff: kept.staff };
  };
  const put = (login: string, alias: string, roles: readonly Role[], password = TEST_PASSWORD) => {
    const kept = {
      staff: { id: `staff-${login}` as StaffId, login, alias, roles },
      password,
      disabled: false,
    };
    people.set(kept.staff.id, kept);
    return kept;
  };
  put("mai", "Mai", ["counsellor"]);
  put("hanh", "Hạnh", ["supervisor", "counsellor"]);
  put("tu", "Tú", ["editor"]);
  put("quan", "Quân", ["administrator"]);
  put("all", "An", ["counsellor", "supervisor", "editor", "administrator"]);

  const accounts: Accounts = {
    firstLink: async () => (people.size === 0 ? "first" : null),
    invitation: async (token) => {
      const roles = invitations.get(token);
      return roles ? { ok: true, roles } : no("not_found");
    },
    accept: async (token, who) => {
      const roles = invitations.get(token);
      if (!roles) return no("not_found");
      if ([...people.values()].some((p) => p.staff.login === who.login)) return no("login_taken");
      invitations.delete(token);
      return begin(put(who.login, who.alias, roles, who.password));
    },
    signIn: async (login, password) => {
      const kept = [...people.values()].find((p) => p.staff.login === login && !p.disabled);
      return kept && kept.password === password ? begin(kept) : no("wrong_login");
    },
    deviceMark: (login) => `device-of-${login.toLowerCase()}`,
    signOut: async (session) => void sessions.delete(session),
    who: async (session) => {
      const kept = people.get(sessions.get(session) ?? "");
      return kept && !kept.disabled ? kept.staff : null;
    },
    invite: async (_, roles) => {
      count += 1;
      const token = `invite-${count}`;
      invitations.set(token, roles);
      return { ok: true, token, expiresAt: Date.now() + 7 * 86_400_000 };
    },
    passwordLink: async (by, id) => {
      const kept = people.get(id);
      if (!kept) return no("not_found");
      if (by.id === id) return no("bad_request");
      count += 1;
      resets.set(`reset-${count}`, kept);
      return { ok: true, token: `reset-${count}`, expiresAt: Date.now() + 86_400_000 };
    },
    operatorsPasswordLink: async () => no("not_found"),
    passwordLinkOf: async (token) => {
      const kept = resets.get(token);
      return kept ? { ok: true, login: kept.staff.login, alias: kept.staff.alias } : no("not_found");
    },
    setPassword: async (token, password) => {
      const kept = resets.get(token);
      if (!kept) return no("not_found");
      resets.delete(token);
      kept.password = password;
      return begin(kept);
    },
    links: async (by) => ({
      ok: true,
      links: [
        ...[...invitations].map(([id, roles]) => ({ id, kind: "invite" as const, alias: by.alias, roles })),
        ...[...resets].map(([id, { staff }]) => ({ ...staff, id, kind: "reset" as const })),
      ].map((link) => ({ ...link, expiresAt: Date.now() + 86_400_000 })),
    }),
    takeBack: async (_, id) => (invitations.delete(id) || resets.delete(id) ? { ok: true } : no("not_found")),
    list: async () => ({
      ok: true,
      staff: [...people.values()].map((p) => ({
        ...p.staff,
        disabled: p.disabled,
        onDuty: p.staff.login === "mai",
      })),
    }),
    change: async (by, id, change) => {
      const kept = people.get(id);
      if (!kept) return no("not_found");
      if (change.disabled && by.id === id) return no("invalid", "You cannot disable yourself.");
      kept.staff = {
        ...kept.staff,
        alias: change.alias ?? kept.staff.alias,
        roles: change.roles ?? kept.staff.roles,
      };
      kept.disabled = change.disabled ?? kept.disabled;
      return { ok: true };
    },
    changePassword: async (by, old, fresh) => {
      const kept = people.get(by.id);
      if (!kept || kept.password !== old) return no("wrong_login");
      kept.password = fresh;
      return begin(kept);
    },
  };
  return { accounts, invitations, resets };
}
