/** Compares what people said and saw with what must have happened. Knows nothing of the service but what it promises. */

import {
  counsellorSays,
  JOINED,
  LEFT,
  MAX_STILL_WAITING,
  NOT_ANSWERED,
  RATHER_A_HUMAN,
  ROUNDS,
  STILL_WAITING,
  type Stop,
  story,
  TOLD,
  WRITTEN_DOWN,
} from "./story.ts";

export interface Seen {
  readonly from: "person" | "bot";
  readonly text: string;
}

/** A line of the case as the console shows it. */
export interface ShownLine {
  readonly from: "person" | "bot" | "counsellor";
  readonly text: string;
  readonly state: string;
}

export interface ShownCase {
  readonly id: string;
  readonly level: string;
  readonly lines: readonly ShownLine[];
}

export interface Evidence {
  /** Her phone or her page, as she sees it, and how far she came with what she had to say. */
  readonly people: readonly {
    readonly mark: string;
    readonly said: readonly string[];
    readonly phone: readonly Seen[];
  }[];
  /** All cases that the console shows in the end. */
  readonly cases: readonly ShownCase[];
  /** Levels of each case in the order in which counsellors saw them. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** Claims that were answered with "it is yours". */
  readonly claims: readonly { readonly caseId: string; readonly by: string }[];
  /** Replies that were answered with "sent". */
  readonly replies: readonly { readonly caseId: string; readonly text: string }[];
}

export const KINDS = [
  "lost",
  "doubled",
  "out of order",
  "cases unseen",
  "claimed twice",
  "level lowered",
  "unexpected",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Verdict {
  readonly counts: Readonly<Record<Kind, number>>;
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const RANK = ["none", "low", "medium", "high", "emergency"];

export function judge(evidence: Evidence): Verdict {
  const counts = Object.fromEntries(KINDS.map((k) => [k, 0])) as Record<Kind, number>;
  const faults: string[] = [];
  const fault = (kind: Kind, what: string) => {
    counts[kind] += 1;
    faults.push(`${kind}: ${what}`);
  };
  let [told, seenMessages, twiceForSafety] = [0, 0, 0];

  for (const { mark, said, phone } of evidence.people) {
    const mine = evidence.cases.filter((c) =>
      c.lines.some((l) => l.from === "person" && l.text === `alo ${mark}`),
    );
    const shown = mine[0];
    if (mine.length > 1) fault("doubled", `${mark} has ${mine.length} cases`);
    const stops = story(mark).filter((_, i) => i < said.length);
    if (!shown) {
      if (stops.some((s) => s.safety))
        fault("cases unseen", `${mark} told of a knife and no counsellor sees it`);
      continue;
    }
    if (shown.level !== "emergency") fault("level lowered", `${mark} is ${shown.level}`);
    sequence(
      said.map((text) => ({ name: text, fits: (t) => t === text, most: 1 })),
      shown.lines.filter((l) => l.from === "person").map((l) => l.text),
      (kind, what) => fault(kind, `${mark} wrote, the counsellor sees: ${what}`),
    );

    const fromUs = phone.filter((m) => m.from === "bot").map((m) => m.text);
    seenMessages += fromUs.length;
    told += fromUs.filter((t) => TOLD.test(t)).length;
    const replies = evidence.replies.filter((r) => r.caseId === shown.id).map((r) => r.text);
    const wanted = expected(mark, stops, replies, shown.lines);
    const missing = sequence(
      wanted,
      fromUs.filter((t) => !TOLD.test(t)),
      (kind, what) => {
        fault(kind, `${mark} sees: ${what}`);
      },
      (want) => shown.lines.some((l) => want.fits(l.text) && ["unclear", "failed"].includes(l.state)),
    );
    for (const [name, text, most] of WHILE_WAITING) {
      const n = fromUs.filter((t) => text.test(t)).length;
      if (n > most) fault("doubled", `${mark} sees: ${n} times "${name}"`);
    }
    told += missing.told;
    twiceForSafety += missing.twice;
  }

  for (const [id, levels] of evidence.levels) {
    for (const [i, level] of levels.entries()) {
      if (i > 0 && RANK.indexOf(level) < RANK.indexOf(levels[i - 1] ?? "none"))
        fault("level lowered", `case ${id}: ${levels[i - 1]} to ${level}`);
    }
  }
  const claimers = Map.groupBy(evidence.claims, (c) => c.caseId);
  for (const [id, claims] of claimers) {
    if (new Set(claims.map((c) => c.by)).size > 1)
      fault("claimed twice", `case ${id} by ${claims.map((c) => c.by).join(" and ")}`);
  }
  return {
    counts,
    faults,
    figures: {
      people: evidence.people.length,
      "messages of people": evidence.people.reduce((n, p) => n + p.said.length, 0),
      "messages to people": seenMessages,
      cases: evidence.cases.length,
      "claims won": evidence.claims.length,
      "told that one may not have arrived": told,
      "safety texts that came twice": twiceForSafety,
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly fits: (text: string) => boolean;
  /** How often it may be seen. */
  readonly most: number;
  /** May be absent: that person had not come so far. */
  readonly optional?: boolean;
  /** Comes by the clock, before or after the others. */
  readonly anyTime?: boolean;
  /** Texts that may come twice though others that fit may not. */
  readonly hotlines?: RegExp;
}

/** What may be said to who waits long, and how often. */
const WHILE_WAITING = [
  ["still waiting", STILL_WAITING, MAX_STILL_WAITING],
  // Once for each of what she writes while she waits.
  ["written down", WRITTEN_DOWN, ROUNDS],
  ["rather a human", RATHER_A_HUMAN, ROUNDS],
] as const;

function expected(
  mark: string,
  stops: readonly Stop[],
  replies: readonly string[],
  lines: readonly ShownLine[],
): Wanted[] {
  const closed = lines.some((l) => LEFT.test(l.text));
  const joined = lines.some((l) => JOINED.test(l.text));
  return [
    ...stops.map(
      (s): Wanted => ({
        name: s.says,
        fits: (t) => s.answer.test(t),
        most: s.safety ? 2 : 1,
        ...(s.hotlines ? { hotlines: s.hotlines } : {}),
      }),
    ),
    // Between the last answer of the machine and the counsellor, if at all.
    {
      name: "she still waits",
      fits: (t: string) => WHILE_WAITING.some(([, text]) => text.test(t)),
      most: WHILE_WAITING.reduce((n, [, , most]) => n + most, 0),
      optional: true,
    },
    ...(joined || replies.length > 0
      ? [{ name: "a counsellor joined", fits: (t: string) => JOINED.test(t), most: 1 }]
      : []),
    ...Array.from({ length: ROUNDS }, (_, i) => counsellorSays(mark, i + 1)).map(
      (text): Wanted => ({ name: text, fits: (t) => t === text, most: 1, optional: !replies.includes(text) }),
    ),
    {
      name: "a counsellor has not answered yet",
      fits: (t: string) => NOT_ANSWERED.test(t),
      most: ROUNDS,
      optional: true,
      anyTime: true,
    },
    ...(closed ? [{ name: "the counsellor left", fits: (t: string) => LEFT.test(t), most: 1 }] : []),
  ];
}

/** Every wanted thing once, in order, and nothing else. */
function sequence(
  wanted: readonly Wanted[],
  seen: readonly string[],
  fault: (kind: Kind, what: string) => void,
  isTold: (want: Wanted) => boolean = () => false,
): { told: number; twice: number } {
  let [told, twice, last] = [0, 0, -1];
  // The same words may be wanted twice ("có"): each thing that is seen serves one wish, the first that is still open.
  const served = new Map<Wanted, number[]>();
  for (const [at, text] of seen.entries()) {
    const fitting = wanted.filter((w) => w.fits(text));
    const open = fitting.find((w) => !served.has(w)) ?? fitting.at(-1);
    if (!open) fault("unexpected", `"${text.slice(0, 60)}"`);
    else served.set(open, [...(served.get(open) ?? []), at]);
  }
  for (const want of wanted) {
    const places = served.get(want) ?? [];
    if (places.length === 0) {
      if (isTold(want)) told += 1;
      else if (!want.optional) fault("lost", `nothing for "${want.name}"`);
      continue;
    }
    const most = places.every((at) => want.hotlines?.test(seen[at] ?? "")) ? 2 : want.most;
    if (places.length > most) fault("doubled", `${places.length} times for "${want.name}"`);
    else if (places.length > 1) twice += 1;
    if (want.anyTime) continue;
    if ((places[0] ?? 0) < last) fault("out of order", `"${want.name}"`);
    last = Math.max(last, places[0] ?? 0);
  }
  return { told, twice };
}
