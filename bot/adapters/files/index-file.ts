/**
 * An index as a file: a digest of all that follows it, then the index as V8 writes it. Rows of numbers are read as they
 * lie there. Files are written whole and never changed, and all of them may be deleted at any time.
 */

import { hash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { KnowledgeIndex } from "../../core/retrieval/knowledge-index.ts";
import { FOR_ALL, makeFolder } from "../folder.ts";

/** Behind the digest, at a place where every row of numbers may begin. */
const BEGIN = 64;
const SUFFIX = ".index";
/** Bytes of all files together from which on the oldest go. An edition of 65,000 ways of asking has 43 million in both languages. */
const MAX_BYTES = 300_000_000;

export function fileOf(folder: string, name: string): string {
  return join(folder, name + SUFFIX);
}

export function bytesOf(index: KnowledgeIndex): Buffer {
  const body = serialize(index);
  return Buffer.concat([Buffer.from(hash("sha256", body, "hex")), body]);
}

/** Undefined for what is damaged. */
export function indexOf(bytes: Buffer): KnowledgeIndex | undefined {
  const body = bytes.subarray(BEGIN);
  return bytes.toString("latin1", 0, BEGIN) === hash("sha256", body, "hex") ? deserialize(body) : undefined;
}

/** Undefined where there is none, or none that is whole; that one is taken away, so that another can take its place. */
export function readIndex(file: string): KnowledgeIndex | undefined {
  try {
    const index = indexOf(readFileSync(file));
    if (!index) remove(file);
    return index;
  } catch {
    return undefined;
  }
}

/** False where it cannot be written: a folder of the system, a full disk. */
export function writeIndex(file: string, bytes: Buffer, maxBytes = MAX_BYTES): boolean {
  const own = `${file}.${randomUUID()}`;
  try {
    makeFolder(dirname(file), FOR_ALL);
    // On the disk before it has its name: a power cut must not leave an index of zeros.
    writeFileSync(own, bytes, { flag: "wx", flush: true });
    renameSync(own, file);
    dropOldest(dirname(file), maxBytes);
    return true;
  } catch {
    remove(own);
    return false;
  }
}

/** What an index was made of changes with every published word: the newest are kept as far as there is room. What a process that died had begun to write goes with the oldest. */
function dropOldest(folder: string, maxBytes: number): void {
  let bytes = 0;
  const files = readdirSync(folder)
    .filter((name) => name.includes(SUFFIX))
    .map((name) => ({ file: join(folder, name), ...sizeAndAge(join(folder, name)) }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { file, size } of files) {
    bytes += size;
    if (bytes > maxBytes) remove(file);
  }
}

/** Another process may have taken it away meanwhile. */
function sizeAndAge(file: string): { readonly size: number; readonly mtimeMs: number } {
  return statSync(file, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never there, or somebody else's.
  }
}
