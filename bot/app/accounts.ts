/** Staff accounts: invitation links, passwords (argon2id), sessions kept only as hashes. */

import { hash, verify } from "@node-rs/argon2";
import { may } from "../core/access.ts";
import type { StaffId } from "../core/ids.ts";
import type { Limits } from "../ports/limits.ts";
import type { AuditLine, OpenLink, Role, StaffRow, TokenKind } from "../ports/store.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusals.ts";
import type { Accounts, Answer, Staff } from "./services.ts";

const INVITE_MS = 7 * 24 * 3_600_000;
const FIRST_LINK_MS = 24 * 3_600_000;
/** Somebody waits for it now; whoever finds it next week should not get in. */
const RESET_MS = 24 * 3_600_000;
/** A night shift and the hand-over. */
const SESSION_MS = 12 * 3_600_000;
const MIN_PASSWORD = 12;
const TOO_SHORT = `a password has at least ${MIN_PASSWORD} characters`;
/** Failed sign-ins from one place, or on one name, within the window. */
const MAX_FAILURES = 10;
const WINDOW_MS = 15 * 60_000;
const ROLES: readonly Role[] = ["counsellor", "supervisor", "editor", "administrator"];
/** Who sets the service up must be able to try all of it; roles can be taken away later. */
const FIRST_ROLES: readonly Role[] = ["administrator", "supervisor"];
const NO_LINK = "this link was used or has expired; ask for a new one";
/** A hash of nobody's password: a wrong name takes as long as a wrong password. */
const NOBODY = hash("nobody has this password");

/** `limits`: where all processes count the failed sign-ins. */
export function makeAccounts(
  { store, vault, clock, bus }: Pick<Parts, "store" | "vault" | "clock" | "bus">,
  limits: Pick<Limits, "count" | "clear">,
): Accounts {
  return {
    async firstLink() {
      if ((await store.staff.count()) > 0) return null;
      const token = clock.token(24);
      await putToken(token, "invite", null, FIRST_ROLES, FIRST_LINK_MS);
      return token;
    },
    async invitation(token) {
      const found = await invitationOf(token, false);
      return found ? { ok: true, roles: found.roles } : refuse("not_found", NO_LINK);
    },
    async accept(token, who) {
      const wrong = faultIn(who);
      if (wrong) return refuse("bad_request", wrong);
      // The link first: which names there are is nothing for a stranger.
      if (!(await invitationOf(token, false))) return refuse("not_found", NO_LINK);
      if (await store.staff.byLogin(who.login.trim().toLowerCase())) return refuse("login_taken");
      const found = await invitationOf(token, true);
      if (!found) return refuse("not_found", NO_LINK);
      const row: StaffRow = {
        id: clock.newId() as StaffId,
        login: who.login.trim().toLowerCase(),
        alias: who.alias.trim(),
        roles: found.roles,
        passwordHash: await hash(who.password),
        disabled: false,
      };
      const put = await store.staff.put(row, line(row.login, "staff_joined", row.id, found.roles.join(" ")));
      return put.ok ? begin(row) : refuse("login_taken");
    },
    deviceMark,
    async signIn(login, password, from, device) {
      const name = login.trim().toLowerCase();
      // Guesses from elsewhere must not keep her from the night's duty: a device of hers has a count of its own.
      const isHers = device !== undefined && device === deviceMark(login);
      const places = (isHers ? [`device:${name}`] : [`from:${from}`, `name:${name}`]).map(
        (place) => `sign-in:${vault.tokenHash(place)}`,
      );
      const failures = await Promise.all(places.map((place) => limits.count(place, WINDOW_MS, 0)));
      if (failures.some((n) => n >= MAX_FAILURES)) return refuse("too_many");
      const row = await store.staff.byLogin(name);
      const right = await verify(row?.passwordHash ?? (await NOBODY), password).catch(() => false);
      if (!row || row.disabled || !right) {
        await Promise.all(places.map((place) => limits.count(place, WINDOW_MS)));
        return refuse("wrong_login");
      }
      await Promise.all(places.map((place) => limits.clear(place)));
      await store.upkeep.audit(line(row.login, "signed_in", row.id, ""));
      return begin(row);
    },
    async signOut(session) {
      const staff = await this.who(session);
      await store.staff.dropToken(vault.tokenHash(session));
      if (staff) {
        await store.staff.beat(staff.id, 0);
        bus.publish("cases");
      }
    },
    async who(session) {
      if (session === "") return null;
      const token = await store.staff.useToken(vault.tokenHash(session), "session", clock.now(), false);
      const row = token?.staffId ? await store.staff.byId(token.staffId) : null;
      return row && !row.disabled ? present(row) : null;
    },
    async invite(by, roles) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      if (roles.length === 0 || roles.some((r) => !ROLES.includes(r)))
        return refuse("bad_request", "choose at least one role");
      const audit = line(by.login, "staff_invited", by.id, roles.join(" "));
      return putLink("invite", by.id, roles, INVITE_MS, audit);
    },
    async passwordLink(by, id) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      if (id === by.id) return refuse("bad_request", "change your own password under your name");
      const row = await store.staff.byId(id);
      return row ? linkFor(row, by.login) : refuse("not_found");
    },
    async operatorsPasswordLink(login) {
      const row = await store.staff.byLogin(login);
      return row ? linkFor(row, "operator") : refuse("not_found", `nobody signs in as ${login}`);
    },
    async passwordLinkOf(token) {
      const row = await forgetfulOne(token, false);
      return row ? { ok: true, login: row.login, alias: row.alias } : refuse("not_found", NO_LINK);
    },
    async setPassword(token, password) {
      if (password.length < MIN_PASSWORD) return refuse("bad_request", TOO_SHORT);
      // A hash costs a processor long enough that strangers without a link could stop us with it.
      if (!(await forgetfulOne(token, false))) return refuse("not_found", NO_LINK);
      const passwordHash = await hash(password);
      const row = await forgetfulOne(token, true);
      if (!row) return refuse("not_found", NO_LINK);
      const changed = { ...row, passwordHash };
      await store.staff.put(changed, line(row.login, "password_set_by_link", row.id, ""), {
        endSessions: true,
      });
      return begin(changed);
    },
    async links(by) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      const [links, staff] = [await store.staff.links(clock.now()), await store.staff.list()];
      return {
        ok: true,
        links: links.flatMap(({ hash: id, kind, staffId, roles, expiresAt }) => {
          const who = staff.find((row) => row.id === staffId);
          // What opens nothing any more is nothing to take back.
          return who && (kind === "reset" ? !who.disabled : managesStaff(who))
            ? [{ id, kind, alias: who.alias, roles, expiresAt }]
            : [];
        }),
      };
    },
    async takeBack(by, id) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      const audit = line(by.login, "staff_link_taken_back", by.id, "");
      return (await store.staff.dropLink(id, clock.now(), audit))
        ? { ok: true }
        : refuse("not_found", "this link was used or has expired");
    },
    async list(by) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      const onDuty = new Set(await store.staff.onDuty(clock.now()));
      const staff = (await store.staff.list()).map((row) => ({
        ...present(row),
        disabled: row.disabled,
        onDuty: onDuty.has(row.id),
      }));
      return { ok: true, staff };
    },
    async change(by, id, change) {
      if (!may(by.roles, "manage_staff")) return refuse("forbidden");
      const row = await store.staff.byId(id);
      if (!row) return refuse("not_found");
      const next: StaffRow = { ...row, ...change };
      if (id === by.id && (next.disabled || !next.roles.includes("administrator"))) {
        return refuse(
          "bad_request",
          "you cannot take administration from yourself; ask another administrator",
        );
      }
      if (next.roles.length === 0 || next.alias.trim() === "")
        return refuse("bad_request", "an account needs a name and a role");
      await store.staff.put(
        next,
        line(
          by.login,
          "staff_changed",
          id,
          [...next.roles, next.disabled ? "disabled" : ""].join(" ").trim(),
        ),
        // Nor may who was an administrator come back under another's name.
        { endResets: managesStaff(row) && !managesStaff(next) },
      );
      if (next.disabled) await store.staff.beat(id, 0);
      return { ok: true };
    },
    async changePassword(by, old, fresh) {
      const before = await store.staff.byId(by.id);
      if (!before || !(await verify(before.passwordHash, old).catch(() => false)))
        return refuse("wrong_login");
      if (fresh.length < MIN_PASSWORD) return refuse("bad_request", TOO_SHORT);
      const passwordHash = await hash(fresh);
      // Both took a while, in which she may have been shut out or lost a role: what is written is the row as it is now.
      const row = await store.staff.byId(by.id);
      if (!row || row.disabled || row.passwordHash !== before.passwordHash) return refuse("wrong_login");
      const changed = { ...row, passwordHash };
      await store.staff.put(changed, line(by.login, "password_changed", by.id, ""), { endSessions: true });
      return begin(changed);
    },
  };

  function deviceMark(login: string): string {
    return vault.tokenHash(`device:${login.trim().toLowerCase()}`);
  }

  /** An invitation while it is good, which ends with its maker's right to invite. */
  async function invitationOf(token: string, consume: boolean): Promise<{ roles: readonly Role[] } | null> {
    const found = await store.staff.useToken(vault.tokenHash(token), "invite", clock.now(), consume);
    if (!found) return null;
    // By nobody: the first administrator's. Each start prints one, and those that were left over open nothing.
    if (!found.staffId) return (await store.staff.count()) === 0 ? found : null;
    const maker = await store.staff.byId(found.staffId);
    return maker && managesStaff(maker) ? found : null;
  }

  /** Whose password a way back sets, while it is good. */
  async function forgetfulOne(token: string, consume: boolean): Promise<StaffRow | null> {
    const found = await store.staff.useToken(vault.tokenHash(token), "reset", clock.now(), consume);
    const row = found?.staffId ? await store.staff.byId(found.staffId) : null;
    return row && !row.disabled ? row : null;
  }

  async function linkFor(
    row: StaffRow,
    maker: string,
  ): Promise<Answer<{ token: string; expiresAt: number }>> {
    if (row.disabled) return refuse("bad_request", "this account is closed; open it again first");
    return putLink(
      "reset",
      row.id,
      row.roles,
      RESET_MS,
      line(maker, "password_link_made", row.id, row.login),
    );
  }

  async function begin(row: StaffRow): Promise<Answer<{ session: string; staff: Staff }>> {
    const session = clock.token(32);
    await putToken(session, "session", row.id, row.roles, SESSION_MS);
    return { ok: true, session, staff: present(row) };
  }

  async function putLink(
    kind: OpenLink["kind"],
    staffId: StaffId,
    roles: readonly Role[],
    forMs: number,
    audit: AuditLine,
  ) {
    const token = clock.token(24);
    const expiresAt = await putToken(token, kind, staffId, roles, forMs, audit);
    return { ok: true as const, token, expiresAt };
  }

  async function putToken(
    token: string,
    kind: TokenKind,
    staffId: StaffId | null,
    roles: readonly Role[],
    forMs: number,
    audit?: AuditLine,
  ): Promise<number> {
    const expiresAt = clock.now() + forMs;
    await store.staff.putToken({ hash: vault.tokenHash(token), kind, staffId, roles, expiresAt }, audit);
    return expiresAt;
  }

  function line(actor: string, action: string, subject: string, detail: string): AuditLine {
    return { at: clock.now(), actor, action, subject, detail };
  }
}

function managesStaff(row: StaffRow): boolean {
  return !row.disabled && may(row.roles, "manage_staff");
}

function present({ id, login, alias, roles }: StaffRow): Staff {
  return { id, login, alias, roles };
}

function faultIn({
  login,
  alias,
  password,
}: {
  login: string;
  alias: string;
  password: string;
}): string | null {
  if (!/^[a-z0-9][a-z0-9._-]{1,39}$/i.test(login.trim()))
    return "a sign-in name has 2 to 40 letters, digits, dots or hyphens";
  if (alias.trim().length < 1 || alias.trim().length > 40)
    return "the name that people see has 1 to 40 characters";
  if (password.length < MIN_PASSWORD) return TOO_SHORT;
  return null;
}
