/** A talk: a conversation written as text, with expectations. Reading, printing, and matching; playing is rehearsal.ts. */

import { CHANNEL_NAMES, type ChannelName, LANGS, type Lang } from "./message.ts";
import type { Problem } from "./problem.ts";

export type TalkStep = { readonly line: number } & (
  | {
      readonly kind: "says";
      readonly text: string /** `>+`: the next message of a burst was there already. */;
      readonly more?: boolean;
    }
  | { readonly kind: "taps"; readonly label: string }
  | { readonly kind: "media"; readonly media: string; readonly caption: string }
  | { readonly kind: "expects"; readonly glob: string }
  /** `!` an effect that matters, `!!` one that must not have happened. */
  | { readonly kind: "effect"; readonly words: string; readonly absent: boolean }
  | { readonly kind: "passes"; readonly ms: number }
  /** `=` what the desk does: duty N, claim ALIAS, write TEXT, release, close OUTCOME, level LEVEL; or the model: model TEXT, model away. */
  | { readonly kind: "desk"; readonly verb: string; readonly rest: string }
  /** The process dies and comes back. */
  | { readonly kind: "restart" }
);

export interface Talk {
  readonly title: string;
  readonly channel: ChannelName;
  readonly lang: Lang;
  readonly startsAt: number;
  readonly steps: readonly TalkStep[];
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads one talk; a line that is not understood is a problem, never passed over. */
export function readTalk(source: string, file: string): { talk?: Talk; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps: TalkStep[] = [];
  let title = "";
  let head: { channel: ChannelName; lang: Lang; startsAt: number } | undefined;
  const fault = (line: number, message: string) =>
    problems.push({ code: "talk.line", message, file, line, severity: "error" });
  source.split(/\r?\n/).forEach((row, i) => {
    const line = i + 1;
    if (row.trim() === "") return;
    const mark = row[0];
    const rest = row.slice(1).trim();
    if (mark === "#") title ||= rest;
    else if (mark === "@") {
      head = readHead(rest);
      if (!head)
        fault(line, "write `@ CHANNEL LANGUAGE TIME`, for example `@ web vi 2026-11-22T21:30+07:00`");
    } else {
      const step = readStep(mark, rest, row.slice(1), line);
      if (step) steps.push(step);
      else fault(line, `"${row.slice(0, 40)}" begins with none of # @ > < ! ~ =, or cannot be read`);
    }
  });
  if (!head) fault(1, "the line `@ CHANNEL LANGUAGE TIME` is missing");
  if (!title) fault(1, "the first line `# title` is missing");
  return head && problems.length === 0 ? { talk: { title, ...head, steps }, problems } : { problems };
}

function readHead(rest: string): { channel: ChannelName; lang: Lang; startsAt: number } | undefined {
  const [channel, lang, time = "2026-11-22T21:30+07:00"] = rest.split(/\s+/);
  const startsAt = Date.parse(time);
  const known = CHANNEL_NAMES.find((c) => c === channel);
  const spoken = LANGS.find((l) => l === lang);
  return known && spoken && !Number.isNaN(startsAt) ? { channel: known, lang: spoken, startsAt } : undefined;
}

function readStep(mark: string | undefined, rest: string, raw: string, line: number): TalkStep | undefined {
  switch (mark) {
    case ">": {
      const tap = /^\[(.+)\]$/.exec(rest);
      if (tap?.[1]) return { kind: "taps", label: tap[1], line };
      const media = /^\{(\w+)\}\s*(.*)$/.exec(rest);
      if (media?.[1]) return { kind: "media", media: media[1], caption: media[2] ?? "", line };
      if (raw.startsWith("+")) return { kind: "says", text: raw.slice(1).trim(), more: true, line };
      // `>` alone is an empty message; `\n` writes a line break.
      return { kind: "says", text: repeat(raw.replace(/^ /, "").replaceAll("\\n", "\n")), line };
    }
    case "<":
      return { kind: "expects", glob: rest, line };
    case "!":
      return rest.startsWith("!")
        ? { kind: "effect", words: rest.slice(1).trim(), absent: true, line }
        : { kind: "effect", words: rest, absent: false, line };
    case "~": {
      if (rest === "restart") return { kind: "restart", line };
      const time = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)(?:ays?|ours?|in|ec)?$/.exec(rest);
      const unit = UNITS[time?.[2] ?? ""];
      return time && unit ? { kind: "passes", ms: Number(time[1]) * unit, line } : undefined;
    }
    case "=": {
      const [verb = "", ...words] = rest.split(" ");
      return ["duty", "claim", "write", "release", "close", "level", "model"].includes(verb)
        ? { kind: "desk", verb, rest: words.join(" "), line }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** `«x»*500` stands for 500 times x, so that a talk about a very long message can be read. */
function repeat(text: string): string {
  return text.replace(/«([^»]+)»\*(\d{1,5})/g, (_, piece: string, times: string) =>
    piece.repeat(Number(times)),
  );
}

/** Does a message fit `*113*115*`? `*` is any text, line breaks included; the rest is literal. */
export function fits(glob: string, message: string): boolean {
  const parts = glob.split("*").map((p) => p.normalize("NFC"));
  const text = message.normalize("NFC");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}
