/** Hashes that are the same on every machine, today and tomorrow: what was learned hangs on them. */

/** FNV-1a over UTF-16 units, well mixed; 32 bits without sign. */
export function hash(s: string): number {
  let h = 2166136261;
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 16777619);
  return mix(h, 0);
}

/** Mixes a number into a hash; the order counts. */
export function mix(h: number, n: number): number {
  let x = Math.imul(h ^ (n + 0x9e3779b9), 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
