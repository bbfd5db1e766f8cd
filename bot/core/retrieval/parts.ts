/** The parts of a long telling: what she asks is often one sentence of many, and others may ask something else. */

/** Fewer words say too little to be looked for alone: they go with the sentence behind them. */
const MIN_WORDS = 4;
/** A longer sentence is cut at its commas. */
const MAX_WORDS = 20;
/** What is looked for in one turn is bounded: of more parts the first are taken as one, because wishes come late. */
const MAX_PARTS = 8;

/** All of the text in parts of a sentence each; none where it is one part. */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  let waits = "";
  for (const sentence of text.split(/[.?!;…\n\r]+/).flatMap(clausesOf)) {
    const joined = `${waits} ${sentence.trim()}`.trim();
    if (wordsIn(joined) < MIN_WORDS) waits = joined;
    else {
      parts.push(joined);
      waits = "";
    }
  }
  if (waits !== "") parts.push(`${parts.pop() ?? ""} ${waits}`.trim());
  if (parts.length < 2) return [];
  return [parts.slice(0, 1 - MAX_PARTS).join(", "), ...parts.slice(1 - MAX_PARTS)].filter(
    (part) => part !== "",
  );
}

function clausesOf(sentence: string): string[] {
  if (wordsIn(sentence) <= MAX_WORDS) return [sentence];
  const clauses: string[] = [];
  for (const clause of sentence.split(",")) {
    const joined = `${clauses.at(-1) ?? ""},${clause}`;
    if (clauses.length > 0 && wordsIn(joined) <= MAX_WORDS) clauses[clauses.length - 1] = joined;
    else clauses.push(clause);
  }
  return clauses;
}

function wordsIn(text: string): number {
  return text.split(/[\s,]+/).filter((word) => word !== "").length;
}
