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

/** Pairs of pieces at or above the bar, in the order given; `of`: only those with one of these pieces. */
export function likePairs(pieces: readonly Piece[], bar = LIKE, of?: ReadonlySet<string>): LikePair[] {
  const sizes: number[] = [];
  // By run, the pieces seen so far that have it: two that share nothing never meet.
  const having = new Map<string, number[]>();
  const pairs: (LikePair & { readonly at: number })[] = [];
  pieces.forEach((piece, b) => {
    const runs = runsOf(piece.text);
    sizes.push(runs.size);
    const shared = new Map<number, number>();
    for (const run of runs) {
      const earlier = having.get(run);
      for (const a of earlier ?? []) shared.set(a, (shared.get(a) ?? 0) + 1);
      if (earlier) earlier.push(b);
      else having.set(run, [b]);
    }
    for (const [a, n] of shared) {
      const first = pieces[a]?.id ?? "";
      const likeness = n / ((sizes[a] ?? 0) + runs.size - n);
      if (likeness < bar || (of && !of.has(first) && !of.has(piece.id))) continue;
      pairs.push({ a: first, b: piece.id, likeness, at: a });
    }
  });
  return pairs.sort((x, y) => x.at - y.at).map(({ a, b, likeness }) => ({ a, b, likeness }));
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
