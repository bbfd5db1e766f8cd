/** Numbers for neighbouring pairs of syllables, kept as numbers in an open table: pair strings are what eats memory. */

export interface Pairs {
  /** The pair's number, made if new. */
  readonly add: (first: number, second: number) => number;
  /** The pair's number, or -1. */
  readonly find: (first: number, second: number) => number;
  readonly size: () => number;
  /** All that are known by now, to be kept. */
  readonly kept: () => KeptPairs;
}

/** Pairs as they can be kept in a file. */
export interface KeptPairs {
  /** Numbers of pairs by the place that their syllables' mix gives them; -1: free. As many places as a power of two. */
  readonly table: Int32Array<ArrayBuffer>;
  /** Of each pair. */
  readonly firsts: Uint32Array<ArrayBuffer>;
  readonly seconds: Uint32Array<ArrayBuffer>;
}

const mix = (first: number, second: number): number => {
  let h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
};

/** None, or those that were kept. */
export function makePairs(kept?: KeptPairs): Pairs {
  let table = kept?.table ?? new Int32Array(1 << 12).fill(-1);
  let firsts = kept?.firsts ?? new Uint32Array(1 << 11);
  let seconds = kept?.seconds ?? new Uint32Array(1 << 11);
  let size = kept?.firsts.length ?? 0;

  /** The slot that holds the pair, or the free one where it belongs. */
  const slot = (first: number, second: number): number => {
    const mask = table.length - 1;
    let at = mix(first, second) & mask;
    for (;;) {
      const number = table[at] ?? -1;
      if (number < 0 || (firsts[number] === first && seconds[number] === second)) return at;
      at = (at + 1) & mask;
    }
  };
  const widen = () => {
    const wide = (old: Uint32Array) => {
      const next = new Uint32Array(Math.max(2, old.length * 2));
      next.set(old);
      return next;
    };
    firsts = wide(firsts);
    seconds = wide(seconds);
    table = new Int32Array(table.length * 2).fill(-1);
    for (let n = 0; n < size; n++) table[slot(firsts[n] ?? 0, seconds[n] ?? 0)] = n;
  };
  return {
    add: (first, second) => {
      const at = slot(first, second);
      const known = table[at] ?? -1;
      if (known >= 0) return known;
      if (size === firsts.length) {
        widen();
        firsts[size] = first;
        seconds[size] = second;
        table[slot(first, second)] = size;
        return size++;
      }
      firsts[size] = first;
      seconds[size] = second;
      table[at] = size;
      return size++;
    },
    find: (first, second) => table[slot(first, second)] ?? -1,
    size: () => size,
    kept: () => ({ table, firsts: firsts.slice(0, size), seconds: seconds.slice(0, size) }),
  };
}
