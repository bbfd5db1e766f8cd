/** Lists of values in the form in which PostgreSQL keeps them: neither side has to write or read them as text. */

import type { Value } from "./statement.ts";

export type Kind = "int8" | "text" | "bytea";

/** PostgreSQL's numbers of these types (its catalogue, pg_type). */
const TYPES: Readonly<Record<Kind, number>> = { int8: 20, text: 25, bytea: 17 };
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const INT8_BYTES = 8;
const LOW = 2 ** 32;

/**
 * One list as a parameter in binary form (PostgreSQL's array_send: dimensions, whether there are nulls, type, how many,
 * first index; then each with its length, -1 for null). Throws when a value is not of the kind.
 */
export function listOf(kind: Kind, list: readonly Value[]): Buffer {
  let size = HEAD_BYTES;
  let hasNull = 0;
  for (const value of list) {
    size += LENGTH_BYTES;
    if (value === null) hasNull = 1;
    else size += sizeOf(kind, value);
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const head of [1, hasNull, TYPES[kind], list.length, 1]) at = bytes.writeInt32BE(head, at);
  for (const value of list) {
    if (value === null) {
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    const from = at + LENGTH_BYTES;
    const end = write(bytes, from, value);
    bytes.writeInt32BE(end - from, at);
    at = end;
  }
  return bytes;
}

function sizeOf(kind: Kind, value: string | number | Uint8Array): number {
  if (typeof value === "number" && kind === "int8") return INT8_BYTES;
  if (typeof value === "string" && kind === "text") return Buffer.byteLength(value);
  if (value instanceof Uint8Array && kind === "bytea") return value.length;
  throw new TypeError(`a ${typeof value} stands in a list of ${kind}`);
}

/** Where it ends. */
function write(bytes: Buffer, at: number, value: string | number | Uint8Array): number {
  if (typeof value === "string") return at + bytes.write(value, at);
  if (value instanceof Uint8Array) {
    bytes.set(value, at);
    return at + value.length;
  }
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number that is kept exactly`);
  return bytes.writeUInt32BE(value >>> 0, bytes.writeInt32BE(Math.floor(value / LOW), at));
}
