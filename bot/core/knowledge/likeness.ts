/** Finds passages that say nearly the same: Jaccard likeness of runs of three folded syllables. */

export interface Piece {
  readonly id: string;
  readonly text: string;
}

export interface LikePair {
  readonly a: string;
  readonly b: string;
  /** 0 to 1. */
  readonly likeness: number;
}

/** Above this a pair is reported. Measured on our own passages: different topics stay under 0.2. */
export const LIKE = 0.5;

/** Pairs of pieces at or above the bar, in the order given. */
export function likePairs(pieces: readonly Piece[], bar = LIKE): LikePair[] {
  const bags = pieces.map((piece) => ({ id: piece.id, runs: runsOf(piece.text) }));
  const pairs: LikePair[] = [];
  bags.forEach((a, i) => {
    for (const b of bags.slice(i + 1)) {
      const likeness = jaccard(a.runs, b.runs);
      if (likeness >= bar) pairs.push({ a: a.id, b: b.id, likeness });
    }
  });
  return pairs;
}

function runsOf(text: string): ReadonlySet<string> {
  const words = fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const runs = new Set<string>();
  for (let i = 0; i + 2 < words.length; i++) runs.add(words.slice(i, i + 3).join(" "));
  return runs;
}

function fold(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  // Sizes alone bound the likeness: spares the comparison of most pairs.
  if (small.size / large.size < 0.3) return 0;
  let shared = 0;
  for (const run of small) if (large.has(run)) shared++;
  return shared / (a.size + b.size - shared);
}
