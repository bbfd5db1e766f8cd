/** A backup: one file with every row, the same for both databases, checked by a sum over all of it. Keys are not in it. */

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { batches, refuseUnknownTables } from "./copy.ts";
import { StoreError } from "./errors.ts";
import { CARRIED_META, type Row, type Rows } from "./rows.ts";
import type { Value } from "./statement.ts";
import { TABLES, type Table } from "./tables.ts";

const FORMAT = "ben-an-backup-1";

export interface DumpHead {
  readonly format: typeof FORMAT;
  readonly schema: number;
  /** Fingerprint of the master key that everything in it is sealed with. */
  readonly installation: string;
  readonly at: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** Writes `file` (readable by its owner only), whole or not at all. Returns the number of rows. */
export async function writeDump(source: Rows, file: string, at: Date): Promise<number> {
  if (existsSync(file))
    throw new StoreError("store_unreadable", `${file} is there already; nothing was overwritten.`);
  await refuseUnknownTables(source);
  const draft = `${file}.partial`;
  await rm(draft, { force: true }).catch((error: unknown) => {
    throw notWritten(file, error);
  });
  const lines = new PassThrough();
  const sum = createHash("sha256");
  const toDisk = pipeline(lines, createGzip(), createWriteStream(draft, { mode: 0o600, flags: "wx" }));
  // Said when it is awaited below; until then a full disk must not end the process.
  toDisk.catch(() => undefined);
  const say = async (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`;
    sum.update(line);
    if (!lines.write(line))
      await Promise.race([new Promise((resolve) => lines.once("drain", resolve)), toDisk]);
  };
  try {
    const head: DumpHead = {
      format: FORMAT,
      schema: await source.schema(),
      installation: (await source.meta("installation")) ?? "",
      at: at.toISOString(),
      meta: Object.fromEntries(
        await Promise.all(CARRIED_META.map(async (n) => [n, (await source.meta(n)) ?? "0"])),
      ),
    };
    await say(head);
    let rows = 0;
    for (const table of TABLES) {
      for await (const row of source.stream(table)) {
        await say({
          t: table.name,
          r: Object.fromEntries(Object.entries(row).map(([c, v]) => [c, packed(v)])),
        });
        rows += 1;
      }
    }
    lines.end(`${JSON.stringify({ end: true, rows, sha256: sum.digest("hex") })}\n`);
    await toDisk;
    await finished(lines);
    const handle = await open(draft, "r+");
    await handle.sync();
    await handle.close();
    await rename(draft, file);
    return rows;
  } catch (error) {
    lines.destroy();
    await toDisk.catch(() => undefined);
    await rm(draft, { force: true }).catch(() => undefined);
    throw notWritten(file, error);
  }
}

/** What the system says of a folder or a disk that did not take the copy; anything else as it is. */
function notWritten(file: string, error: unknown): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  const isFull = error.code === "ENOSPC" || error.code === "EDQUOT";
  return new StoreError(
    isFull ? "store_full" : "store_unreadable",
    isFull
      ? `The disk of ${file} is full. Nothing is left of the copy there; free space, or take another disk.`
      : `${file} can't be written (${error.code}). Its folder must be there, and this account must be allowed to write in it.`,
  );
}

/** Reads all of it once: whole, unchanged, and what it says of itself. Throws a StoreError that says what is wrong. */
export async function checkDump(file: string): Promise<DumpHead & { readonly rows: number }> {
  let head: DumpHead | undefined;
  let rows = 0;
  for await (const line of trusted(file)) {
    if ("format" in line) head = line as unknown as DumpHead;
    else rows += 1;
  }
  if (head?.format !== FORMAT) throw damaged(file, "it is not a backup of ours");
  return { ...head, rows };
}

/** What was opened by then may have been used, ended or taken back since; staff sign in again. */
const NOT_RESTORED = "tokens";

/** Fills empty tables of the same schema. What was on its way when the copy was made may have arrived since. */
export async function readDump(file: string, target: Rows): Promise<number> {
  let at: { table: Table; batch: ReturnType<typeof batches> } | undefined;
  let rows = 0;
  for await (const line of trusted(file)) {
    if ("format" in line) {
      for (const [name, value] of Object.entries((line as unknown as DumpHead).meta))
        await target.setMeta(name, value);
      continue;
    }
    const { t, r } = line as unknown as { t: string; r: Record<string, Packed> };
    if (t === NOT_RESTORED) continue;
    if (at?.table.name !== t) {
      await at?.batch.end();
      const table = TABLES.find((one) => one.name === t);
      if (!table) throw damaged(file, `it holds a table that this build does not know (${t})`);
      at = { table, batch: batches((some) => target.put(table, some)) };
    }
    await at.batch.add(restored(t, Object.fromEntries(Object.entries(r).map(([c, v]) => [c, unpacked(v)]))));
    rows += 1;
  }
  await at?.batch.end();
  await target.finish();
  return rows;
}

/** An outgoing message of that time counts as "may have arrived": only safety texts are sent again, the rest is told. */
function restored(table: string, row: Row): Row {
  return table === "outbox" ? { ...row, state: "queued", unclear: 1 } : row;
}

/** The lines between head and end. Throws at the end when something is missing or was changed. */
async function* trusted(file: string): AsyncGenerator<Record<string, unknown>> {
  if (!existsSync(file)) throw new StoreError("store_unreadable", `There is no ${file}.`);
  const raw = createReadStream(file);
  const plain = createGunzip();
  // A fault of either ends the reading below.
  pipeline(raw, plain).catch(() => undefined);
  const sum = createHash("sha256");
  let end: { rows: number; sha256: string } | undefined;
  let rows = -1;
  try {
    for await (const line of linesOf(plain)) {
      const value = JSON.parse(line) as Record<string, unknown>;
      if (value.end === true) {
        end = value as unknown as { rows: number; sha256: string };
        break;
      }
      sum.update(`${line}\n`);
      rows += 1;
      yield value;
    }
  } catch (error) {
    throw damaged(
      file,
      error instanceof SyntaxError
        ? "a line of it is no line of ours"
        : "it is cut off, or not a backup of ours",
    );
  } finally {
    raw.destroy();
    plain.destroy();
  }
  if (!end || end.rows !== rows || end.sha256 !== sum.digest("hex"))
    throw damaged(file, "its sum does not fit what is in it");
}

/** By line feeds only: node:readline would also cut at other signs that may stand within a text. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of bytes) {
    let data = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10)) {
      yield data.toString("utf8", 0, at);
      data = data.subarray(at + 1);
    }
    rest = data;
  }
  if (rest.length > 0) yield rest.toString("utf8");
}

function damaged(file: string, why: string): StoreError {
  return new StoreError("store_not_a_database", `${file} can't be used: ${why}. Take another copy.`);
}

type Packed = string | number | null | { readonly b: string };

function packed(value: Value): Packed {
  return value instanceof Uint8Array ? { b: Buffer.from(value).toString("base64") } : value;
}

function unpacked(value: Packed): Value {
  return typeof value === "object" && value !== null ? Buffer.from(value.b, "base64") : value;
}
