/** What PostgreSQL, pg and the network say, as errors that tell an operator what to do. */

import pg from "pg";
import { type StoreCode, StoreError } from "./errors.ts";
import { Undo } from "./statement.ts";

/** The end of what is said while we run. */
const AGAIN = "It is tried again.";

/** Two changes met, and PostgreSQL undid ours. */
export class Conflict extends Error {}

export const NOT_OURS =
  "The database holds tables of another program. Use one of its own (createdb NAME); nothing was changed.";

/** Classes and codes of the PostgreSQL documentation, appendix A; and Node's own for the network. */
const CODES: readonly (readonly [RegExp, StoreCode, string])[] = [
  [/^25006$/, "store_read_only", "PostgreSQL only lets us read. Point DATABASE_URL at the primary."],
  [
    /^42501$/,
    "store_missing_rights",
    "The database account may not do this. It must own its schema (create, read, write).",
  ],
  [
    /^3D000$/,
    "store_missing_rights",
    "The database that the address of PostgreSQL names is not there. Make it (createdb), or correct the name.",
  ],
  [
    /^28/,
    "store_missing_rights",
    "PostgreSQL refused the account or its password. Correct them in its address, or let the account in (pg_hba.conf).",
  ],
  [/^42P07$/, "store_not_a_database", NOT_OURS],
  [/^53100$/, "store_full", "PostgreSQL has no space left on its disk. Nothing of the change was written."],
  [/^55P03$/, "store_locked", "Another program holds a lock in PostgreSQL for too long."],
  [
    /^08|^57P0|^53|^57014$|^25P03$/,
    "store_unavailable",
    `PostgreSQL is away, restarting or too slow. ${AGAIN}`,
  ],
  [
    /^(ECONN|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_)/,
    "store_unavailable",
    `PostgreSQL can't be reached. ${AGAIN}`,
  ],
];

export function stateOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

/** Never with the cause: a detail of PostgreSQL can hold the values of a row. */
export function explain(error: unknown): unknown {
  if (error instanceof StoreError || error instanceof Undo || error instanceof Conflict) return error;
  const state = stateOf(error);
  if (isFileOf(error)) return badUrl(error);
  // What is remembered in a connection (limits of time, the lock of the migrations) is not there in a pooler's next one.
  if (state === "08P01" && /unsupported startup parameter/.test(messageOf(error))) {
    return new StoreError(
      "store_bad_url",
      "The address leads to a pooler (PgBouncer, say) in front of PostgreSQL. Use PostgreSQL's own address: each process keeps its connections, ten at most. (08P01)",
    );
  }
  const found = CODES.find(([pattern]) => pattern.test(state));
  if (found) return new StoreError(found[1], `${found[2]} (${state})`);
  const message = messageOf(error);
  if (/does not support SSL/i.test(message)) {
    return new StoreError(
      "store_bad_url",
      "The address asks for TLS (sslmode), but this PostgreSQL does not offer it. Switch it on there (ssl = on), or take sslmode out of the address.",
    );
  }
  if (
    /certificate|self.signed|altname/i.test(message) ||
    /^(ERR_TLS|CERT_|DEPTH_|SELF_|UNABLE_)/.test(state)
  ) {
    return new StoreError(
      "store_bad_url",
      `PostgreSQL's certificate is not trusted (${state || "TLS"}). Name its authority in the address: sslmode=verify-full&sslrootcert=/path/ca.pem.`,
    );
  }
  if (/timeout|terminated|Connection ended|not queryable|after calling end/i.test(message)) {
    return new StoreError("store_unavailable", `PostgreSQL does not answer. ${AGAIN}`);
  }
  return error instanceof pg.DatabaseError
    ? new StoreError("store_bug", `PostgreSQL: ${message} (${state})`)
    : error;
}

/** Nobody tries again for whoever starts a program: says where it was looked for, and what to do. */
export function atStart(error: unknown, url: string): unknown {
  if (!(error instanceof StoreError) || error.code !== "store_unavailable") return error;
  // Said where it was connected already.
  if (!error.message.includes(AGAIN)) return error;
  if (error.message.includes("(53300)")) {
    return new StoreError(
      error.code,
      "PostgreSQL has no connection left for us (53300). Each process takes up to 10: raise max_connections, or the limit of the account or the database.",
    );
  }
  const place = URL.canParse(url) ? new URL(url).host : "";
  const state = /\((\w+)\)$/.exec(error.message)?.[1];
  return new StoreError(
    error.code,
    `PostgreSQL${place === "" ? "" : ` at ${place}`} can't be reached or does not answer${state === undefined ? "" : ` (${state})`}. Start it, or correct host and port in its address; nothing was changed.`,
  );
}

/** Nobody tries again for a copy that was broken off either; it goes on where it is begun again. */
export function inTheMiddle(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code !== "store_unavailable") return error;
  const state = /\((\w+)\)$/.exec(error.message)?.[1];
  return new StoreError(
    error.code,
    `PostgreSQL broke the connection off or no longer answers${state === undefined ? "" : ` (${state})`}. Run the same command again until it says that it is done.`,
  );
}

/** Without the cause: the address holds the password. A file that it names and that is not there is told. */
export function badUrl(error: unknown): StoreError {
  const file = isFileOf(error) ? error.path : "";
  return new StoreError(
    "store_bad_url",
    file === ""
      ? "The address of PostgreSQL can't be read. It must look like postgres://user:password@host:5432/database, with / # ? @ % in the password as %2F %23 %3F %40 %25."
      : `The address of PostgreSQL names the file ${file}, which can't be read (${stateOf(error)}).`,
  );
}

/** An address can name files (certificates); pg says of a missing one only what the system says. */
function isFileOf(error: unknown): error is Error & { path: string } {
  return error instanceof Error && "syscall" in error && error.syscall === "open" && "path" in error;
}

export function refuseBadUrl(url: string): void {
  if (/^postgres(ql)?:\/\//.test(url)) return;
  throw new StoreError(
    "store_bad_url",
    "The address of PostgreSQL must look like postgres://user:password@host:5432/database.",
  );
}
