/**
 * The cache of what was read, as one file that may be deleted at any time. A file is replaced whole, so that two
 * processes never see half of what the other writes; the later one keeps what the earlier one wrote. What was made by
 * other code, or was damaged, is not used.
 */

import { hash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Cache } from "../../ports/cache.ts";
import { FOR_ALL, makeFolder } from "../folder.ts";

/** Beyond this many bytes what nobody asked for this time is forgotten. */
const MAX_BYTES = 24_000_000;

/** Places of the kept texts in `bytes`, by the digest of what they were made of: where each begins and ends. */
interface Kept {
  readonly places: ReadonlyMap<string, readonly [number, number]>;
  readonly bytes: Buffer;
}

const NOTHING: Kept = { places: new Map(), bytes: Buffer.alloc(0) };

/** `madeBy` names the code that makes what is kept: with another name everything is made anew. */
export function openCache(file: string, madeBy: string): Cache {
  let kept = read(file, madeBy);
  let isOpen = true;
  const used = new Set<string>();
  const added = new Map<string, Buffer>();
  return {
    get(name, text) {
      const digest = digestOf(name, text);
      const place = kept.places.get(digest);
      if (!place) return undefined;
      used.add(digest);
      return kept.bytes.toString("utf8", ...place);
    },
    put(name, text, json) {
      if (isOpen) added.set(digestOf(name, text), Buffer.from(json));
    },
    close() {
      isOpen = false;
      // Somebody else may have written meanwhile: what they found out is worth keeping, too.
      if (added.size > 0) write(file, madeBy, joined(added, read(file, madeBy), used));
      kept = NOTHING;
      added.clear();
      used.clear();
    },
  };
}

/** What is new and what was kept, without what nobody asked for when there is too much of it. */
function joined(
  added: ReadonlyMap<string, Buffer>,
  kept: Kept,
  used: ReadonlySet<string>,
): ReadonlyMap<string, Buffer> {
  const all = new Map(added);
  const isFull = sizeOf(added) + kept.bytes.length > MAX_BYTES;
  for (const [digest, place] of kept.places)
    if (!all.has(digest) && (!isFull || used.has(digest))) all.set(digest, kept.bytes.subarray(...place));
  return all;
}

function digestOf(name: string, text: string): string {
  return hash("sha256", `${name}\0${text}`, "base64url");
}

function sizeOf(all: ReadonlyMap<string, Buffer>): number {
  let bytes = 0;
  for (const one of all.values()) bytes += one.length;
  return bytes;
}

/** First line: who made it and the digest of all that follows. Second line: the places. Then the texts. */
function read(file: string, madeBy: string): Kept {
  try {
    const whole = readFileSync(file);
    const first = whole.indexOf("\n");
    const rest = whole.subarray(first + 1);
    if (whole.toString("utf8", 0, first) !== headOf(madeBy, rest)) return NOTHING;
    const second = rest.indexOf("\n");
    return {
      places: new Map(JSON.parse(rest.toString("utf8", 0, second))),
      bytes: rest.subarray(second + 1),
    };
  } catch {
    return NOTHING;
  }
}

function headOf(madeBy: string, rest: Buffer): string {
  return `${madeBy} ${hash("sha256", rest, "base64url")}`;
}

function write(file: string, madeBy: string, all: ReadonlyMap<string, Buffer>): void {
  const places: [string, [number, number]][] = [];
  let at = 0;
  for (const [digest, bytes] of all) {
    places.push([digest, [at, at + bytes.length]]);
    at += bytes.length;
  }
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...all.values()]);
  const own = `${file}.${randomUUID()}`;
  try {
    makeFolder(dirname(file), FOR_ALL);
    writeFileSync(own, Buffer.concat([Buffer.from(`${headOf(madeBy, rest)}\n`), rest]), { flag: "wx" });
    renameSync(own, file);
  } catch {
    // A folder that cannot be written, a full disk: the next start takes a second longer.
    remove(own);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never there.
  }
}
