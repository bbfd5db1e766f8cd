/** Weights of the few features that have any, among very many numbers: small as text and in memory, quick to look up. */

/** A bit for each bucket that has a row; how many rows stand before each 64 of them; and the rows, in order of bucket. */
export interface Weights {
  readonly bits: Uint32Array;
  readonly before: Uint32Array;
  readonly rows: Int8Array;
}

/** The row of a bucket, or -1. */
export function rowOf({ bits, before }: Weights, bucket: number): number {
  const word = bucket >>> 5;
  const held = bits[word] ?? 0;
  const bit = 1 << (bucket & 31);
  if ((held & bit) === 0) return -1;
  const rank = (before[word >>> 1] ?? 0) + ones(held & (bit - 1));
  return word & 1 ? rank + ones(bits[word - 1] ?? 0) : rank;
}

/**
 * As text: of each row how far its bucket is from the one before (seven bits a byte, low ones first, the eighth says
 * that more follow) and its weights; all in base64. `buckets` rise strictly; `rows` holds as many weights for each.
 */
export function packWeights(buckets: Int32Array, rows: Int8Array): string {
  const width = buckets.length === 0 ? 0 : rows.length / buckets.length;
  const bytes: number[] = [];
  let last = -1;
  buckets.forEach((bucket, row) => {
    let gap = bucket - last - 1;
    last = bucket;
    for (; gap > 127; gap >>>= 7) bytes.push((gap & 127) | 128);
    bytes.push(gap);
    for (let i = row * width; i < (row + 1) * width; i++) bytes.push((rows[i] ?? 0) & 255);
  });
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE)
    binary += String.fromCharCode(...bytes.slice(at, at + PIECE));
  return btoa(binary);
}

const PIECE = 8192;
const MOST_GAP_BITS = 28;

/** Reads what `packWeights` wrote, `width` weights a row; undefined if it is anything else. */
export function unpackWeights(text: string, buckets: number, width: number): Weights | undefined {
  const binary = binaryOf(text);
  if (binary === undefined) return undefined;
  const bits = new Uint32Array(Math.ceil(buckets / 32));
  const rows = new Int8Array(Math.floor((binary.length / (width + 1)) * width));
  let filled = 0;
  let bucket = -1;
  for (let at = 0; at < binary.length; ) {
    let gap = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= binary.length || shift >= MOST_GAP_BITS) return undefined;
      const byte = binary.charCodeAt(at++);
      gap |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    bucket += gap + 1;
    if (bucket >= buckets || at + width > binary.length) return undefined;
    const word = bucket >>> 5;
    bits[word] = (bits[word] ?? 0) | (1 << (bucket & 31));
    for (let i = 0; i < width; i++) rows[filled++] = binary.charCodeAt(at++);
  }
  return { bits, before: countsBefore(bits), rows: rows.slice(0, filled) };
}

function binaryOf(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

function countsBefore(bits: Uint32Array): Uint32Array {
  const before = new Uint32Array(Math.ceil(bits.length / 2));
  let count = 0;
  for (let pair = 0; pair < before.length; pair++) {
    before[pair] = count;
    count += ones(bits[2 * pair] ?? 0) + ones(bits[2 * pair + 1] ?? 0);
  }
  return before;
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
