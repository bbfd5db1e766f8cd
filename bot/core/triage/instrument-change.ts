/** What a draft of an instrument would do otherwise than the one in force. Pure. */

import { type Level, rank } from "../level.ts";
import { type Instrument, type InstrumentAnswer, scoreInstrument } from "./instrument.ts";

/** One answer, or several, that would give another level. */
export interface InstrumentChange {
  /** The questions' ids with what was said: "yes", "skipped", or "follow_up" (yes to it and to its follow-up). */
  readonly answers: readonly { readonly question: string; readonly said: Said }[];
  readonly before: Level;
  readonly after: Level;
}
type Said = "yes" | "skipped" | "follow_up";

export interface InstrumentComparison {
  /** A single yes, follow-up or skipped red question counts for less: each is a sign of danger by itself (domain.md B1, B5). */
  readonly signs: readonly InstrumentChange[];
  /** All that gives a lower level, single answers and several together. */
  readonly falls: readonly InstrumentChange[];
  readonly rises: readonly InstrumentChange[];
}

/** From this many questions on, only pairs and triples are tried together. */
const MOST_QUESTIONS = 14;

/** Compares every answer, and every set of them that holds no smaller one that is named already. */
export function compareInstruments(was: Instrument, is: Instrument): InstrumentComparison {
  const singles = was.questions.flatMap((q): InstrumentChange["answers"][] => [
    [{ question: q.id, said: "yes" }],
    ...(q.follow_up ? [[{ question: q.id, said: "follow_up" as const }]] : []),
    ...(q.red ? [[{ question: q.id, said: "skipped" as const }]] : []),
  ]);
  const named: InstrumentChange[] = [];
  const change = (answers: InstrumentChange["answers"]): InstrumentChange | null => {
    const before = levelOf(was, answers);
    const after = levelOf(is, answers);
    return before === after ? null : { answers, before, after };
  };
  const isFall = ({ before, after }: InstrumentChange) => rank(after) < rank(before);
  for (const answers of singles) {
    const found = change(answers);
    if (found) named.push(found);
  }
  const signs = named.filter(isFall);
  for (const ids of togetherOf(was.questions.map(({ id }) => id))) {
    const found = change(ids.map((question) => ({ question, said: "yes" as const })));
    if (found && !named.some((smaller) => explains(smaller, found))) named.push(found);
  }
  return { signs, falls: named.filter(isFall), rises: named.filter((c) => !isFall(c)) };
}

/** A smaller set with the same change says why the larger one changes too. */
function explains(smaller: InstrumentChange, { answers, before, after }: InstrumentChange): boolean {
  return (
    smaller.before === before &&
    smaller.after === after &&
    smaller.answers.every(({ question, said }) =>
      answers.some((other) => other.question === question && other.said === said),
    )
  );
}

/** Sets of two and more, the small ones first. */
function togetherOf(ids: readonly string[]): string[][] {
  const most = ids.length > MOST_QUESTIONS ? 3 : ids.length;
  const sets: string[][] = [];
  let smaller: { ids: string[]; next: number }[] = ids.map((id, i) => ({ ids: [id], next: i + 1 }));
  for (let size = 2; size <= most; size++) {
    smaller = smaller.flatMap((set) =>
      ids.slice(set.next).map((id, i) => ({ ids: [...set.ids, id], next: set.next + i + 1 })),
    );
    sets.push(...smaller.map((set) => set.ids));
  }
  return sets;
}

/** Answers to questions that the instrument no longer asks count for nothing. */
function levelOf(instrument: Instrument, answers: InstrumentChange["answers"]): Level {
  const said: Record<string, InstrumentAnswer> = {};
  const followUps: Record<string, InstrumentAnswer> = {};
  for (const { question, said: what } of answers) {
    said[question] = what === "skipped" ? "skipped" : "yes";
    if (what === "follow_up") followUps[question] = "yes";
  }
  return scoreInstrument(instrument, said, followUps).level;
}

/** For the terminal and for whoever calls the API; the console has words of its own. */
export function describeChange({ answers, before, after }: InstrumentChange): string {
  return `${answers.map(({ question, said }) => `${question}: ${said}`).join(", ")} gives ${after} instead of ${before}`;
}
