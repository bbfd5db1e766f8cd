/** Which of the offered choices, or which command, did she mean? Whole messages only, marks and case aside. */

import { plainLangOf } from "./language.ts";
import type { Choice } from "./message.ts";
import type { LaterWordKey, Settings, WordKey } from "./settings.ts";
import { fold } from "./text.ts";

/** Longer messages are never a choice: they are somebody telling something. */
const MAX_ANSWER_WORDS = 7;

/** One message is asked about some twenty times in its turn, always with the same answer. */
let last = { text: "", plain: "" };

/** Before a wish one of these makes it none. */
export const DENIALS: ReadonlySet<string> = new Set(
  "khong ko k hong chua dung khoi cam not no never dont doesnt didnt wont cant cannot don doesn didn won isn t".split(
    " ",
  ),
);

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
  "nghen",
  "nhen",
  "hen",
  "heng",
  "ne",
  "nek",
  "oi",
  "em",
  "minh",
  "toi",
  "chi",
  "con",
  "chau",
  "di",
]);

/** How words of answers are shortened, folded. */
const SHORT = new Map([
  ["dc", "duoc"],
  ["dk", "duoc"],
  ["ko", "khong"],
  ["k", "khong"],
  ["kh", "khong"],
  ["hok", "khong"],
  ["r", "roi"],
  ["ng", "nguoi"],
  ["t", "toi"],
  ["e", "em"],
  ["hong", "khong"],
  ["hem", "khong"],
  ["hk", "khong"],
  ["bh", "bay gio"],
  ["h", "gio"],
  ["thik", "thich"],
  ["vs", "voi"],
  ["nc", "noi chuyen"],
  ["nch", "noi chuyen"],
]);
/** "Có ạ 1 lần". */
const POLITELY = / (a|ah)(?= |$)/g;
/** "Coooo", "khôông". */
const DRAWN_OUT = /([a-z])\1+/g;
/** "Can't", "don't". */
const NOT_T = new Set("can don doesn didn won wouldn couldn shouldn isn aren wasn haven hasn".split(" "));
/** Of the Centre: "bây chừ". */
const BY_AND_BY = /(^| )bay chu(?= |$)/g;

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
  // "Em phải đi" goes; it says no yes.
  while (words.length > 1 && POLITE.has(words.at(-1) ?? "") && words.at(-2) !== "phai") words.pop();
  while (words.length > 1 && POLITE.has(words[0] ?? "")) words.shift();
  return words.join(" ");
}

export function isCommand(settings: Settings, key: WordKey | LaterWordKey, text: string): boolean {
  const words = settings.words[key];
  const whole = plain(text);
  const own = core(text);
  if (words.has(whole) || words.has(own) || words.has(spelt(whole)) || words.has(spelt(own))) return true;
  return whole.includes(" ") ? words.has(untelex(whole)) : isUnspaced(whole) && unspaced(words).has(whole);
}

/** "goinguoithat": shorter words without a space are one syllable, or say nothing for sure. */
const MIN_UNSPACED = 6;
const unspacedOf = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

function isUnspaced(whole: string): boolean {
  return whole.length >= MIN_UNSPACED && !whole.includes(" ");
}

function unspaced(words: ReadonlySet<string>): ReadonlySet<string> {
  const known = unspacedOf.get(words) ?? new Set([...words].map((word) => word.replaceAll(" ", "")));
  unspacedOf.set(words, known);
  return known;
}

/** Typed with a keyboard whose marks are off, folded: "goij nguwowif thaatj" → "goi nguoi that". */
function untelex(whole: string): string {
  return whole
    .split(" ")
    .map((syllable) =>
      syllable
        .replace(/[sfrxj]$/, "")
        .replace(/dd/g, "d")
        .replace(/([aeo])\1/g, "$1"),
    )
    .map((syllable) => syllable.replace(/([aou])w/g, "$1").replace(/w$/, ""))
    .join(" ");
}

/** Does the message contain one of the phrases as whole words? For questions of somebody else ("vợ tôi nhắn gì"). */
export function mentions(settings: Settings, key: WordKey | LaterWordKey, text: string): boolean {
  const whole = ` ${plain(text)} `;
  for (const phrase of settings.words[key]) if (whole.includes(` ${phrase} `)) return true;
  return false;
}

/**
 * Folded, these are also other words ("nó" → "no", "cảm ơn" → "on", "khói" → "khoi"), or stand in any sentence ("nó đang
 * ngủ", "không có ai giúp em"): inside a longer message they say nothing.
 */
const AMBIGUOUS = new Set([
  ..."no n y k o u co um uh da dc ok on phai dung chua dang sap muon can gap cuu hoi ke xem biet tiep giu bo doi dat sua xoa".split(
    " ",
  ),
  ..."rut thoi khoi gio ngung".split(" "),
  "khong co ai",
  "khong co nguoi",
]);

/** "Ở một mình với nó", "alone with him". */
const IN_COMPANY = /(^| )(mot minh|alone) (voi|with|cung)( |$)/;

/** "Hình như có", "giờ thì không": after one of these the last word is the answer. A doubtful no is none. */
const BEFORE_YES = new Set("nhu chac la nghi nay gio thi cung van doi ra".split(" "));
const BEFORE_NO = new Set("nay gio thi cung van".split(" "));

/** "Không, em không dám nói": the first word refuses to answer. */
const UNSAID =
  /(^| )((khong|ko|hok|hong|chua) (dam|the|biet|nho|muon (noi|ke|tra loi))|(can ?t|cannot|won ?t|don ?t) (say|tell|talk|know|remember|want to (say|tell|talk)))( |$)/;

/** "Không có đâu", "chưa từng luôn": what may follow an answer of two syllables or more without changing it. */
const AFTER = new Set("dau luon nua ma het".split(" "));

/** "Em không biết tiếng", "không biết chữ": what she cannot do, and no question that she leaves out. */
const NAMED = new Set("tieng chu duong boi doc viet lai".split(" "));

/** What makes a "yes" near it none: "chưa chắc an toàn", "em không gọi được". */
const DENYING =
  /(^| )(khong|ko|hok|hong|hem|chua|chang|lam gi co|gi ma|dau (co|phai|ma)|not|cannot|never|nobody|(do|did|does|ca|is|was|wo|would)n ?t)( |$)/;

/** "No he is at work" needs no comma in English; "no one" and "no danh em" are no answers. */
const ENGLISH_OPENING = /^(?:(yes|yeah|yep|nope)|no(?! (?:one|body|idea|way|matter|more|longer|doubt)))\b/i;

/** What begins so asks us something, and is no answer that was only put into more words. */
const ASKING = /^(sao|tai sao|vi sao|lam sao|the nao|why|what|how|who|when|where) /;

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Folded words and phrases that also mean it. */
  readonly words: readonly string[];
  /**
   * A bare yes or no: as a whole answer, at its beginning before a comma ("có, đang ở nhà"), or at its end ("hình như
   * không"). Inside a sentence it answers nothing: "nó không bao giờ tha cho em" is no "no".
   */
  readonly bare?: readonly string[];
  /** Only a message that says this and nothing else means it. */
  readonly whole?: boolean;
  /** Only a message of at most so many syllables more means it: "không biết nữa", but not "em không biết ở đâu". */
  readonly extra?: number;
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

/** "À không, em nói nhầm, 15 tuổi" takes back what she wrote before, and "không" in it answers nothing; "à không" alone may. */
const CORRECTION =
  /^\s*(?:(?:à|á|ủa|ý|ah|a|oh|khoan|chết|wait|dạ)[\s,.]+)+(?:không|ko|khong|hông|k|no|nhầm|lộn|lon|nham)(?:\s+(?:phải|phai|nhầm|nham))?\s*(?:[,.…]+\s*(?:(?:ý|y)\s+(?:em|tôi|toi|mình|minh|con)\s+(?:là|la)\s+)?|\s+(?:ý|y)\s+(?:em|tôi|toi|mình|minh|con)\s+(?:là|la)\s+)(?=\S)/iu;

/** "Khoan, có"; without a comma it is "do not … yet". */
const WAIT = /^\s*(?:khoan|khoan đã|đợi đã|wait)\s*[,.…]+\s*(?=\S)/iu;

/** What is left when she has taken back what she wrote before. */
function corrected(typed: string): string {
  return typed.normalize("NFC").replace(CORRECTION, "").replace(WAIT, "");
}

/**
 * Finds the one option that was meant: by its number ("2", "dạ số 2 ạ"), its label, one of its words, or a short answer that
 * holds words of exactly one option. null: not an answer.
 */
export function pick(options: readonly Option[], typed: string): string | null {
  const text = withoutCalls(corrected(typed));
  const whole = plain(text);
  if (whole === "" || saysInEarnest(text)) return null;
  const number = numberIn(text);
  if (number !== null) return options[number - 1]?.value ?? null;
  for (const option of options) {
    const label = plainLabel(option.label);
    if (whole === label || says(option, whole)) return option.value;
  }
  const bare = core(text);
  const plainer = bare.replace(POLITELY, "");
  for (const said of new Set([bare, spelt(bare), spelt(plainer), spelt(plainer.replace(DRAWN_OUT, "$1"))]))
    for (const option of options)
      if (says(option, said) || plainLabel(option.label) === said) return option.value;
  const twice = saidTwice(options, bare);
  if (twice) return twice.value;
  if (whole.split(" ").length > MAX_ANSWER_WORDS || /[?？]/.test(text) || ASKING.test(whole)) return null;
  const clauses = clausesOf(text);
  return (
    longestWithin(options, clauses, bare.split(" ")) ??
    longestWithin(options, clauses.map(spelt), spelt(bare).split(" "))
  );
}

/** "Ừ được", "dạ đúng rồi": each of its words alone would be the same answer. */
function saidTwice(options: readonly Option[], said: string): Option | undefined {
  const words = said.split(" ");
  if (words.length < 2) return undefined;
  return options.find((o) => !o.whole && words.every((word) => o.bare?.includes(word) ?? false));
}

/** "Thật ra em không đùa", "no i wasn't joking": about what she said before, and no answer to what waits. */
const IN_EARNEST =
  /(^| )(khong|ko|k|chang|hong) (phai )?(co )?(noi )?(dua|gion|choi|xao)( dau| a| ma)*$|(^| )(em|toi|minh|tao|t|con) noi (that|thiet)( day| do| ma| a| luon)*$|\b(wasn ?t|not|am not) (joking|kidding)\b|\bi (am|m|was) serious\b|\bi mean it\b/;
const MAX_EARNEST_WORDS = 8;

/** Does she say that it was no joke? "Nó không đưa tiền" is another word. */
export function saysInEarnest(words: string): boolean {
  const said = plain(words);
  if (said.split(" ").length > MAX_EARNEST_WORDS || /(?<!\p{L})đưa(?!\p{L})/iu.test(words)) return false;
  return IN_EARNEST.test(said);
}

/** "Cô ơi" calls a woman and is no "có"; nor is "nó" (he) an English "no", or "đã" (already) a "dạ". */
const CALL =
  /(?<!\p{L})(?:thưa\s+)?(?:cô\s+ơi|co\s+oi|cô(?:\s+[àạ])?(?=\s*(?:[,.!?…]|$)))(?!\p{L})|^\s*(?:nó|nô|đã|đá|cố|cổ)\s*[.!…]*$/giu;

/** Is it only "nó" (he), which folded is an English "no", or only a call? */
export function answersNothing(typed: string): boolean {
  return plain(typed) !== "" && plain(withoutCalls(typed)) === "";
}

function withoutCalls(text: string): string {
  return text.normalize("NFC").replace(CALL, " ");
}

/** As it is written out: "co noi dc" → "co noi duoc". */
export function spelt(whole: string): string {
  return whole
    .replace(BY_AND_BY, "$1bay gio")
    .split(" ")
    .map((word, i, all) => (word === "t" && NOT_T.has(all[i - 1] ?? "") ? word : (SHORT.get(word) ?? word)))
    .join(" ");
}

function says(option: Option, whole: string): boolean {
  if (option.words.includes(whole) || (option.bare?.includes(whole) ?? false)) return true;
  return isUnspaced(whole) && option.words.some((word) => word.replaceAll(" ", "") === whole);
}

/** The longest phrase wins, so that "không có" is a no although "có" stands in it; null: none, or two as long. */
function longestWithin(
  options: readonly Option[],
  clauses: readonly string[],
  words: readonly string[],
): string | null {
  let best: { value: string; length: number } | null = null;
  let tie = false;
  for (const option of options) {
    if (option.whole) continue;
    const bare = option.bare ?? [];
    for (const phrase of [plainLabel(option.label), ...option.words, ...bare]) {
      if (option.extra !== undefined && words.length > phrase.split(" ").length + option.extra) continue;
      if (option.extra !== undefined && NAMED.has(words.at(-1) ?? "")) continue;
      const isBare = AMBIGUOUS.has(phrase) || bare.includes(phrase);
      if (isBare ? !isAtEdge(phrase, clauses, words) : !isWithin(phrase, clauses)) continue;
      if (isDenial(phrase) && isGainsaid(options, option, clauses)) continue;
      if (best && phrase.length === best.length && option.value !== best.value) tie = true;
      if (!best || phrase.length > best.length) {
        best = { value: option.value, length: phrase.length };
        tie = false;
      }
    }
  }
  return best && !tie ? best.value : null;
}

function isAtEdge(phrase: string, clauses: readonly string[], words: readonly string[]): boolean {
  if (coreOf(clauses[0] ?? "") === phrase)
    return !(isDenial(phrase) && clauses.slice(1).some((c) => UNSAID.test(c)));
  const all = words.join(" ");
  if (phrase === EVER && ONCE_YES.test(all)) return true;
  if (phrase.includes(" ")) return all.startsWith(`${phrase} `) && AFTER.has(all.slice(phrase.length + 1));
  const before = isDenial(phrase) ? BEFORE_NO : BEFORE_YES;
  return words.at(-1) === phrase && words.length <= 4 && before.has(words.at(-2) ?? "");
}

/** Only at a question of "ever" does this say yes. */
const EVER = "da tung";
/** "Hồi tháng 3 có", "lúc mới cưới thì có bị". */
const ONCE_YES =
  /^(hoi|luc|hom|bua|dot|nam|thang|tuan|dao|truoc|xua)( \S+){1,4} (co|bi)$|^((co|bi|chac|khoang|hinh nhu|tam) ){0,2}(\d+|mot|hai|ba|vai|may|nhieu|doi)( \d+| hai| ba)? (lan|ban|chap|bua|phen)( (gi do|j do|thoi|roi|la|lam|chi))*$/;
/** "Không, chỉ hai ba bận thôi", "không, nó chỉ dọa": no answer that can be kept as a No. */
const COUNTED =
  /(^| )((\d+|mot|hai|ba|bon|vai|may|nhieu|doi) (lan|ban|chap|bua|hom|phen|dot|cai)|hoai|suot|miet|thuong xuyen|thinh thoang|lau lau|once|twice|times|sometimes)( |$)/;
const DONE_TO_HER =
  /(^| )(doa|bop|siet|xo|day|danh|tat|dap|nem|hu|ep|cam (dao|gay|keo|rua|bua)|gio (dao|gay|tay)|(push|hit|slap|grab|threw|threat|choke|kick)\w*)( |$)/;

/** "Không, em không gọi 111 đâu": no to those, said where a human of ours was offered; and "không, em không ly hôn". */
const ABOUT_OTHERS =
  /(^| )(khong|ko|k|chua|dung|hong) (\S+ ){0,2}(goi|bao|noi|ke|nho|to cao|kien) (\S+ ){0,1}(11\d|cong an|canh sat|cap cuu|me|ba|bo|gia dinh|nha|truong|xa|phuong)( |$)|(^| )(khong|ko|k|chua|hong) (\S+ ){0,2}(ly hon|bo chong|di benh vien|di kham)( |$)|\b(not|don ?t|won ?t) (\w+ ){0,2}(call|tell|report)\w* (the )?(111|113|115|police|my (mother|mom|parents|family)|them)\b/;

/** "Không, nhiều lần lắm": what stands behind the denial says the other answer, or more than it denies. */
function isGainsaid(options: readonly Option[], own: Option, clauses: readonly string[]): boolean {
  const behind = clauses.slice(1).filter((c) => !DENYING.test(c));
  if (clauses.slice(1).some((c) => ABOUT_OTHERS.test(c))) return true;
  if (own.bare && behind.some((c) => COUNTED.test(c) || DONE_TO_HER.test(c))) return true;
  const others = options.filter((o) => o !== own && !o.whole).flatMap((o) => o.bare ?? []);
  // "Không phải, có."
  if (behind.some((c) => others.includes(coreOf(c)))) return true;
  return others.some((b) => b.includes(" ") && !DENYING.test(b) && isWithin(b, clauses.slice(1)));
}

function isDenial(phrase: string): boolean {
  return DENYING.test(phrase) || /^(no|nope|n)$/.test(phrase);
}

function isWithin(phrase: string, clauses: readonly string[]): boolean {
  const denies = DENYING.test(phrase);
  return clauses.some((c) => {
    const at = ` ${c} `.indexOf(` ${phrase} `);
    if (at < 0 || !(denies || !DENYING.test(c))) return false;
    const after = c.slice(at + phrase.length).trim();
    if (!denies && MEETS.test(phrase)) return MEETS_US.test(after);
    return !(denies && OPEN_END.test(phrase)) || CLOSES.test(after);
  });
}

/** "Cô muốn gặp thằng đó nói chuyện" is no yes to a human of ours. */
const MEETS = /^(muon|can) (gap|noi chuyen)$/;
const MEETS_US =
  /^((voi )?(nguoi that|nguoi tu van|nguoi( |$)|tu van|chi( |$)|co( |$)|ai( |$)|em( |$)|ban( |$))|(luon|ngay|lien|di|a|nhe|nha|roi|voi|qua|lam|chu)( |$)|$)/;
/** "Không muốn", "không cần" answer us; "không muốn gọi công an" is about the police. */
const OPEN_END = / (muon|can)$/;
const CLOSES = /^((dau|luon|nua|ma|a|nhe|nha|gap|noi|ai|nguoi|tu van|giup|thiet|that)( |$)|$)/;

/** Folded, each part that a comma or a full stop ends, but for "alone" that is none. */
function clausesOf(text: string): string[] {
  const clauses = text
    .split(/[,.;!\n]/)
    .map(plain)
    .filter((c) => !IN_COMPANY.test(c));
  const [opening, clear] = ENGLISH_OPENING.exec(text.trim()) ?? [];
  const isAnswer = clear !== undefined || (opening !== undefined && plainLangOf(text) === "en");
  return isAnswer ? [plain(opening ?? ""), ...clauses] : clauses;
}

/** The choices of our last message as options, for labels typed by hand and numbers. */
export function optionsOf(choices: readonly Choice[]): Option[] {
  return choices
    .filter((c) => c.kind === "answer")
    .map((c) => ({ value: c.value, label: c.label, words: [] }));
}
