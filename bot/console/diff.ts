/** Two texts line by line: what stays, what went, what came. */

export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  /** Of a line that was changed and not replaced: what of it is other than before. */
  readonly parts?: readonly DiffPart[];
}

export interface DiffPart {
  readonly text: string;
  readonly isChanged: boolean;
}

/** More pairs than this are not searched: the middle is shown as gone and come. */
const MAX_PAIRS = 4_000_000;

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** Shorter than this in common, two lines are two lines and not one that was changed. */
const MIN_COMMON = 0.4;
/** What stayed in the middle of a long line is cut to its ends. */
const MAX_SAME = 120;
const SAME_END = 40;

/**
 * The same with the words that were changed within a line: a rule is one line of a thousand words, and nobody finds in
 * two of them the one that is new.
 */
export function markWords(lines: readonly DiffLine[]): readonly DiffLine[] {
  const marked = lines.map((line) =>
    line.kind === "same" && line.text.length > MAX_SAME
      ? { ...line, parts: [{ text: ends(line.text), isChanged: false }] }
      : line,
  );
  for (let i = 0; i < lines.length; i += 1) {
    if (lines[i]?.kind !== "removed") continue;
    const gone = countFrom(lines, i, "removed");
    const come = countFrom(lines, i + gone, "added");
    for (let k = 0; k < Math.min(gone, come); k += 1) markPair(marked, i + k, i + gone + k);
    i += gone + come - 1;
  }
  return marked;
}

function countFrom(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  const end = lines.findIndex((line, i) => i >= from && line.kind !== kind);
  return (end < 0 ? lines.length : end) - from;
}

function markPair(lines: DiffLine[], goneAt: number, cameAt: number): void {
  const [gone, came] = [lines[goneAt], lines[cameAt]];
  if (!gone || !came) return;
  const words = middle(wordsOf(gone.text), wordsOf(came.text));
  const common = words.filter((w) => w.kind === "same").reduce((sum, w) => sum + w.text.trim().length, 0);
  if (common < MIN_COMMON * Math.max(gone.text.trim().length, came.text.trim().length)) return;
  lines[goneAt] = { ...gone, parts: partsOf(words, "removed") };
  lines[cameAt] = { ...came, parts: partsOf(words, "added") };
}

function wordsOf(line: string): string[] {
  return line.split(/(\s+|[,;.:()[\]{}"])/).filter((word) => word !== "");
}

function partsOf(words: readonly DiffLine[], kind: DiffLine["kind"]): readonly DiffPart[] {
  const parts: DiffPart[] = [];
  for (const word of words) {
    if (word.kind !== "same" && word.kind !== kind) continue;
    const isChanged = word.kind === kind;
    const last = parts.at(-1);
    if (last?.isChanged === isChanged) parts[parts.length - 1] = { isChanged, text: last.text + word.text };
    else parts.push({ isChanged, text: word.text });
  }
  return parts.map((part) =>
    part.isChanged || part.text.length <= MAX_SAME ? part : { ...part, text: ends(part.text) },
  );
}

function ends(text: string): string {
  return `${text.slice(0, SAME_END)} … ${text.slice(-SAME_END)}`;
}

/** Only changes with a few lines around them; null stands for lines left out. */
export function nearChanges(lines: readonly DiffLine[], around: number): readonly (DiffLine | null)[] {
  const isNear = lines.map((_, i) =>
    lines.slice(Math.max(0, i - around), i + around + 1).some((l) => l.kind !== "same"),
  );
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, i) => {
    if (isNear[i]) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}

/** The longest common lines (or words), by the usual table. */
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: "removed", text });
  const added = (text: string): DiffLine => ({ kind: "added", text });
  if (a.length * b.length > MAX_PAIRS) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(removed(a[i++] ?? ""));
    else lines.push(added(b[j++] ?? ""));
  }
  return [...lines, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}
