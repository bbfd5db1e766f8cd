/** Which of two builds came first, by their versions. */

/** Numbers between dots, "0.12.3"; what is missing counts as 0, and what follows the numbers ("-rc.1") is not looked at. */
export function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [numbersOf(version), numbersOf(than)];
  for (const [i, number] of mine.entries()) {
    const other = theirs[i] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  const [, ...parts] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [0, 1, 2].map((i) => Number(parts[i] ?? 0));
}
