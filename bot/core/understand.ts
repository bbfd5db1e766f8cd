/** Which of the offered choices, or which command, did she mean? Whole messages only, marks and case aside. */

import type { Choice } from "./message.ts";
import type { LaterWordKey, Settings, WordKey } from "./settings.ts";
import { fold } from "./text.ts";

/** Longer messages are never a choice: they are somebody telling something. */
const MAX_ANSWER_WORDS = 7;

/** One message is asked about some twenty times in its turn, always with the same answer. */
let last = { text: "", plain: "" };

/** Folded, without punctuation and emoji, single spaces: "Có, đúng rồi ạ!" → "co dung roi a". */
export function plain(text: string): string {
  if (text !== last.text) {
    const folded = fold(text)
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    last = { text, plain: folded };
  }
  return last.plain;
}

/** Labels and words of what is published, of which there are some thousands and the same ones come at every turn. */
const published = new Map<string, string>();
const MAX_PUBLISHED = 4_000;

/** The same, for labels and words that stand in flows and settings; never for what a person wrote, because it is kept. */
export function plainLabel(label: string): string {
  const known = published.get(label);
  if (known !== undefined) return known;
  if (published.size >= MAX_PUBLISHED) published.clear();
  const made = plain(label);
  published.set(label, made);
  return made;
}

/** Small words of politeness around an answer that do not change it. */
const POLITE = new Set([
  "a",
  "ah",
  "da",
  "vang",
  "nhe",
  "nha",
  "nghe",
  "oi",
  "em",
  "minh",
  "toi",
  "chi",
  "con",
  "chau",
  "di",
]);

/** As often as the folded message itself is asked for what is left of it without politeness. */
let lastCore = { whole: "", core: "" };

/** The folded message without polite words at its ends ("dạ có ạ" → "co"); never empty unless the message was. */
export function core(text: string): string {
  const whole = plain(text);
  if (whole !== lastCore.whole) lastCore = { whole, core: coreOf(whole) };
  return lastCore.core;
}

function coreOf(whole: string): string {
  const words = whole.split(" ");
  while (words.length > 1 && POLITE.has(words.at(-1) ?? "")) words.pop();
  while (words.length > 1 && POLITE.has(words[0] ?? "")) words.shift();
  return words.join(" ");
}

export function isCommand(settings: Settings, key: WordKey | LaterWordKey, text: string): boolean {
  const words = settings.words[key];
  const whole = plain(text);
  return words.has(whole) || words.has(core(text));
}

/** Does the message contain one of the phrases as whole words? For questions of somebody else ("vợ tôi nhắn gì"). */
export function mentions(settings: Settings, key: WordKey | LaterWordKey, text: string): boolean {
  const whole = ` ${plain(text)} `;
  for (const phrase of settings.words[key]) if (whole.includes(` ${phrase} `)) return true;
  return false;
}

/**
 * Folded, these are also other words ("nó" → "no", "cô" → "co", "ừ" → "u"): inside a longer message they say nothing.
 * They count as a whole answer, or at its beginning before a comma or a full stop ("có, đang ở nhà").
 */
const AMBIGUOUS = new Set([
  "no",
  "n",
  "y",
  "k",
  "o",
  "u",
  "co",
  "um",
  "uh",
  "da",
  "dc",
  "ok",
  "phai",
  "dung",
]);

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Folded words and phrases that also mean it. */
  readonly words: readonly string[];
  /** Only a message that says this and nothing else means it. */
  readonly whole?: boolean;
}

/** Numbers written as words, folded; with a noun before them they can mean nothing else ("câu hai"). */
const NUMBER_WORDS = new Map(
  [
    ["mot", "one", "nhat"],
    ["hai", "two"],
    ["ba", "three"],
    ["bon", "four", "tu"],
    ["nam", "five"],
    ["sau", "six"],
    ["bay", "seven"],
    ["tam", "eight"],
    ["chin", "nine"],
  ].flatMap((words, n) => words.map((word) => [word, n + 1] as const)),
);
/** As they are typed: alone, other number words are also "father", "year" or "later", and Hải is a name. */
const BARE_NUMBER_WORDS = new Set(["một", "mot", "hai", "bốn", "bon", "one", "two", "three", "four", "five"]);

/**
 * A number with nothing around it but politeness: "dạ 1", "2 ạ", "em chọn số 3 nhé", "1 bạn ơi". What may count or
 * describe is none: "1 mình", "2 con", "thứ 2" is a Monday.
 */
const NUMBER = new RegExp(
  [
    /^(?:(?:da|vang|ok|u|uh|um|thi)\s)*/,
    /(?:(?:em|minh|toi|chau|con|chi|i)\s(?=chon|lay|muon|choose|pick|so\s|cau\s|muc\s|\d))?/,
    /(?:(?:chon|lay|muon|choose|pick)\s)?/,
    /((?:(?:so|cau|muc|cai|cai thu|phuong an|dap an|lua chon|option|number)\s)*)/,
    /(\d{1,2}|[a-z]+)/,
    /(?:\s(?:a|ah|nhe|nha|nhen|nghe|please|(?:(?:ban|chi|em|anh|co)\s)?oi))*$/,
  ]
    .map(({ source }) => source)
    .join(""),
);

/** Which number of a list was meant, from 1; null: it is no number. */
function numberIn(text: string): number | null {
  const whole = plain(text);
  const [, noun = "", said = ""] = NUMBER.exec(whole) ?? [];
  if (/^\d/.test(said)) return Number(said);
  const spoken = NUMBER_WORDS.get(said);
  if (spoken === undefined) return null;
  if (noun !== "") return spoken;
  // "Hai ơi" calls the eldest sister.
  return !whole.endsWith(" oi") && wordsWithMarks(text).some((word) => BARE_NUMBER_WORDS.has(word))
    ? spoken
    : null;
}

function wordsWithMarks(text: string): readonly string[] {
  return (
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  );
}

/**
 * Finds the one option that was meant: by its number ("2", "dạ số 2 ạ"), its label, one of its words, or a short answer that
 * holds words of exactly one option. null: not an answer.
 */
export function pick(options: readonly Option[], text: string): string | null {
  const whole = plain(text);
  if (whole === "") return null;
  const number = numberIn(text);
  if (number !== null) return options[number - 1]?.value ?? null;
  for (const option of options) {
    const label = plainLabel(option.label);
    if (whole === label || option.words.includes(whole)) return option.value;
  }
  const bare = core(text);
  for (const option of options)
    if (option.words.includes(bare) || plainLabel(option.label) === bare) return option.value;
  if (whole.split(" ").length > MAX_ANSWER_WORDS) return null;
  // The longest phrase wins, so that "không có" is a no although "có" stands in it.
  let best: { value: string; length: number } | null = null;
  let tie = false;
  const opening = plain(text.split(/[,.;!\n]/, 1)[0] ?? "");
  for (const option of options) {
    if (option.whole) continue;
    for (const phrase of [plainLabel(option.label), ...option.words]) {
      if (AMBIGUOUS.has(phrase) ? opening !== phrase : !` ${whole} `.includes(` ${phrase} `)) continue;
      if (best && phrase.length === best.length && option.value !== best.value) tie = true;
      if (!best || phrase.length > best.length) {
        best = { value: option.value, length: phrase.length };
        tie = false;
      }
    }
  }
  return best && !tie ? best.value : null;
}

/** The choices of our last message as options, for labels typed by hand and numbers. */
export function optionsOf(choices: readonly Choice[]): Option[] {
  return choices
    .filter((c) => c.kind === "answer")
    .map((c) => ({ value: c.value, label: c.label, words: [] }));
}
