/** A line of `flows/words.yaml` that stands for many: "số (công an|cấp cứu) [là gì]" is four whole messages. */

/** One line stands for at most so many messages. */
export const MAX_WAYS = 2_000;

/** All that a line stands for: `(a|b)` is one of them, `[a|b]` one of them or nothing; they do not stand in each other. */
export function waysOf(line: string): string[] {
  let ways = [""];
  for (const choices of partsOf(line))
    ways = ways.flatMap((begun) => choices.map((choice) => begun + choice));
  return [...new Set(ways.map((way) => way.replace(/\s+/g, " ").trim()))];
}

/** How many that would be at most, without making them. */
export function countWays(line: string): number {
  return partsOf(line).reduce((n, choices) => n * choices.length, 1);
}

function partsOf(line: string): string[][] {
  return line.split(/(\([^()]*\)|\[[^[\]]*\])/).map((part) => {
    if (/^\(.*\)$/.test(part)) return part.slice(1, -1).split("|");
    if (/^\[.*\]$/.test(part)) return ["", ...part.slice(1, -1).split("|")];
    return [part];
  });
}
