/** Staff, their one-time links and sessions, and who is on duty. */

import type { StaffId } from "../../core/ids.ts";
import type { OpenLink, Role, StaffRow, StaffStore } from "../../ports/store.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { ledger } from "./ledger.ts";
import { one, rows, run, type Script, statement } from "./statement.ts";

type Token = Parameters<StaffStore["putToken"]>[0];
type PutResult = Awaited<ReturnType<StaffStore["put"]>>;
type Used = { staffId: StaffId | null; roles: readonly Role[] } | null;

export function staff(engine: Engine): StaffStore {
  const s = statements(engine.dialect);
  const books = ledger(engine.dialect);
  return {
    count: () =>
      engine.read(function* () {
        return (yield* one(s.count, {}))?.n ?? 0;
      }),
    byLogin: (login) => engine.read(() => first(one(s.byLogin, { key: keyOf(login) }))),
    byId: (id) => engine.read(() => first(one(s.byId, { id }))),
    list: () =>
      engine.read(function* () {
        return (yield* rows(s.list, {})).map(asStaff);
      }),
    put: (row, audit, how) =>
      engine.write(function* (): Script<PutResult> {
        const key = keyOf(row.login);
        const other = yield* one(s.byLogin, { key });
        if (other && other.id !== row.id) return { ok: false, code: "login_taken" };
        const written = yield* run(s.put, { ...stored(row), key });
        if (written === 0) return { ok: false, code: "login_taken" };
        // Whoever is switched off is out at once, not when her session ends, and so is whom she invited.
        if (row.disabled || how?.endSessions) yield* run(s.dropTokens, { id: row.id });
        if (how?.endResets) yield* run(s.dropResets, {});
        yield* books.audit(audit);
        return { ok: true };
      }),
    async putToken(token, audit) {
      await engine.write(function* () {
        yield* run(s.putToken, storedToken(token));
        if (audit) yield* books.audit(audit);
      });
    },
    useToken: (hash, kind, now, consume) =>
      consume
        ? engine.write(() => used(one(s.takeToken, { hash, kind, now })))
        : engine.read(() => used(one(s.readToken, { hash, kind, now }))),
    async dropToken(hash) {
      await engine.write(() => run(s.dropToken, { hash }));
    },
    links: (now) =>
      engine.read(function* () {
        return (yield* rows(s.links, { now })).map((row) => ({
          ...row,
          roles: JSON.parse(row.roles) as Role[],
        }));
      }),
    dropLink: (hash, now, audit) =>
      engine.write(function* () {
        if ((yield* run(s.dropLink, { hash, now })) === 0) return false;
        yield* books.audit(audit);
        return true;
      }),
    async beat(id, until) {
      await engine.write(() => run(s.beat, { id, until }));
    },
    onDuty: (now) =>
      engine.read(function* () {
        return (yield* rows(s.onDuty, { now })).map((row) => row.id);
      }),
  };
}

const LINKS: readonly OpenLink["kind"][] = ["invite", "reset"];

/** "Lan" and "lan" are the same person at the door. */
function keyOf(login: string): string {
  return login.normalize("NFC").trim().toLowerCase();
}

interface Stored {
  readonly id: StaffId;
  readonly login: string;
  readonly alias: string;
  readonly roles: string;
  readonly passwordHash: string;
  readonly disabled: number;
}

function asStaff(row: Stored): StaffRow {
  return { ...row, roles: JSON.parse(row.roles) as Role[], disabled: row.disabled === 1 };
}

function stored(row: StaffRow): Stored {
  const { id, login, alias, passwordHash } = row;
  return { id, login, alias, passwordHash, roles: JSON.stringify(row.roles), disabled: row.disabled ? 1 : 0 };
}

function* first(found: Script<Stored | undefined>): Script<StaffRow | null> {
  const row = yield* found;
  return row ? asStaff(row) : null;
}

function* used(found: Script<{ staffId: StaffId | null; roles: string } | undefined>): Script<Used> {
  const row = yield* found;
  return row ? { staffId: row.staffId, roles: JSON.parse(row.roles) as Role[] } : null;
}

function storedToken(token: Token) {
  const { hash, kind, staffId, expiresAt } = token;
  return { hash, kind, staffId, expiresAt, roles: JSON.stringify(token.roles) };
}

function statements(d: Dialect) {
  const { db } = d;
  const some = () =>
    db
      .selectFrom("staff")
      .select(["id", "login", "alias", "roles", "password_hash as passwordHash", "disabled"]);
  type Which = { hash: string; kind: Token["kind"]; now: number };
  return {
    count: statement(() => db.selectFrom("staff").select((e) => e.fn.countAll<number>().as("n"))),
    byLogin: statement((p: { key: string }) => some().where("login_key", "=", p.key)),
    byId: statement((p: { id: StaffId }) => some().where("id", "=", p.id)),
    list: statement(() => some().orderBy("login_key")),
    // A login taken in the same moment leaves both rows as they are: no row is written.
    put: statement((p: Stored & { key: string } & Record<string, string | number>) =>
      db
        .insertInto("staff")
        .values({
          id: p.id,
          login: p.login,
          login_key: p.key,
          alias: p.alias,
          roles: p.roles,
          password_hash: p.passwordHash,
          disabled: p.disabled,
        })
        .onConflict((c) =>
          c.column("id").doUpdateSet((e) => ({
            login: e.ref("excluded.login"),
            login_key: e.ref("excluded.login_key"),
            alias: e.ref("excluded.alias"),
            roles: e.ref("excluded.roles"),
            password_hash: e.ref("excluded.password_hash"),
            disabled: e.ref("excluded.disabled"),
          })),
        ),
    ),
    dropTokens: statement((p: { id: StaffId }) => db.deleteFrom("tokens").where("staff_id", "=", p.id)),
    dropResets: statement(() => db.deleteFrom("tokens").where("kind", "=", "reset")),
    putToken: statement(
      (p: { hash: string; kind: Token["kind"]; staffId: StaffId | null; roles: string; expiresAt: number }) =>
        db
          .insertInto("tokens")
          .values({
            hash: p.hash,
            kind: p.kind,
            staff_id: p.staffId,
            roles: p.roles,
            expires_at: p.expiresAt,
          })
          .onConflict((c) =>
            c.column("hash").doUpdateSet((e) => ({ expires_at: e.ref("excluded.expires_at") })),
          ),
    ),
    readToken: statement((p: Which) =>
      db
        .selectFrom("tokens")
        .select(["staff_id as staffId", "roles"])
        .where("hash", "=", p.hash)
        .where("kind", "=", p.kind)
        .where("expires_at", ">", p.now),
    ),
    takeToken: statement((p: Which) =>
      db
        .deleteFrom("tokens")
        .where("hash", "=", p.hash)
        .where("kind", "=", p.kind)
        .where("expires_at", ">", p.now)
        .returning(["staff_id as staffId", "roles"]),
    ),
    dropToken: statement((p: { hash: string }) => db.deleteFrom("tokens").where("hash", "=", p.hash)),
    links: statement((p: { now: number }) =>
      db
        .selectFrom("tokens")
        .select(["hash", "kind", "staff_id as staffId", "roles", "expires_at as expiresAt"])
        .where("kind", "in", LINKS)
        .where("expires_at", ">", p.now)
        .orderBy("expires_at")
        .orderBy("hash")
        .$narrowType<{ kind: OpenLink["kind"] }>(),
    ),
    dropLink: statement((p: { hash: string; now: number }) =>
      db
        .deleteFrom("tokens")
        .where("hash", "=", p.hash)
        .where("kind", "in", LINKS)
        .where("expires_at", ">", p.now),
    ),
    beat: statement((p: { id: StaffId; until: number }) =>
      db
        .insertInto("duty")
        .values({ staff_id: p.id, until: p.until })
        .onConflict((c) => c.column("staff_id").doUpdateSet((e) => ({ until: e.ref("excluded.until") }))),
    ),
    onDuty: statement((p: { now: number }) =>
      db
        .selectFrom("duty")
        .innerJoin("staff", "staff.id", "duty.staff_id")
        .select("staff.id")
        .where("until", ">", p.now)
        .where("disabled", "=", 0)
        .orderBy("staff.id"),
    ),
  };
}
