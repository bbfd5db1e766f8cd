/** The proof that a machine's shortened text stands in the approved passages that it cites. What is not proven is not said. */

import { type BannedPhrase, bannedFaults } from "./knowledge/banned.ts";
import { phonesIn } from "./knowledge/phones.ts";
import type { Lang } from "./message.ts";
import { nfc, syllables, unmask } from "./text.ts";

/** What the model was given; `[1]` in its text is the first. */
export interface Ground {
  readonly heading: string;
  readonly text: string;
}

/**
 * Why a text is refused as a whole. A lie makes the rest of it unbelievable too, so from `link` to `banned` one is
 * enough; `little_left`: too much of it could not be found in the passages.
 */
export type Fault =
  | "empty"
  | "too_long"
  | "markup"
  | "link"
  | "language"
  | "number"
  | "name"
  | "promise"
  | "banned"
  | "no_list"
  | "little_left";

export type Proof =
  | {
      readonly ok: true;
      readonly text: string /** Indexes of the passages that it rests on. */;
      readonly cited: readonly number[];
    }
  | { readonly ok: false; readonly why: Fault };

/** Longest text that is still a shortening, UTF-16 units; with its sources it fits one message of every channel. */
const MAX_TEXT = 900;
const MIN_TEXT = 30;
/** Of its sentences, this share must be proven; fewer, and what is left may mislead by what is missing. */
const MIN_PROVEN = 0.6;
/** Of a sentence's telling syllables, and of their neighbourhoods, this share must stand in what it cites. */
const MIN_SYLLABLES = 0.8;
const MIN_PAIRS = 0.5;
/** How far apart two neighbours of the sentence may stand in the passage. */
const PAIR_REACH = 3;
/** Of the syllables of a Vietnamese text about half bear a mark; of an English one only names do. */
const MARKED_SHARE = 0.3;

const CITATION = /\[\s*(\d{1,2}(?:\s*,\s*\d{1,2})*)\s*\]/g;
const CITATION_AFTER_STOP = /([.!?…])((?:\s*\[\s*\d{1,2}(?:\s*,\s*\d{1,2})*\s*\])+)/g;
const SENTENCE_END = /(?<=[.!?…])(?<!\b(?:Art|Arts|No|St|TP)\.)\s+|\n+/u;
const LINK = /https?:|www\.|@|\b[\w-]+\.(?:com|net|org|vn|info|io|me|ly|co)\b/iu;
const MARKUP = /<\/?[a-z!][^>]*>|\]\(|```|&[a-z]+;/iu;
const DECORATION = /\*\*|__|^\s*(?:#{1,6}|[-*•])\s+/gmu;
const NUMBER = /\d+(?:[.,/:-]\d+)*/g;
const CAPITALISED = /\p{Lu}[\p{L}\p{M}\d]*/gu;
const MARKED = /[ăâđêôơưàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ]/u;

/** Number words are the numbers that they mean, in the passage and in what is made of it. */
const NUMBER_WORDS: ReadonlyMap<string, string> = new Map([
  ["hai", "2"],
  ["ba", "3"],
  ["bốn", "4"],
  ["năm", "5"],
  ["sáu", "6"],
  ["bảy", "7"],
  ["tám", "8"],
  ["chín", "9"],
  ["mười", "10"],
  ["two", "2"],
  ["three", "3"],
  ["four", "4"],
  ["five", "5"],
  ["six", "6"],
  ["seven", "7"],
  ["eight", "8"],
  ["nine", "9"],
  ["ten", "10"],
  ["twelve", "12"],
]);
/** What a number counts or names must stand beside it in the passage too: "12 giờ" is not "12 ngày". */
const UNITS = new Set(
  "giờ ngày tuần tháng năm tuổi phút đồng triệu nghìn ngàn tỷ tỉ trăm lần người mét km phần hours hour days day weeks week months month years year minutes minute million thousand hundred times people".split(
    " ",
  ),
);
const LAW_WORDS = new Set(
  "điều khoản điểm chương mục luật article articles clause section law decree point".split(" "),
);
const NEGATIONS = new Set("không chưa đừng chẳng chớ not never no t cannot without".split(" "));
/** Orders, duties and assurances: approved people wrote them or nobody did. */
const PROMISES: readonly string[] = [
  "chắc chắn",
  "đảm bảo",
  "bảo đảm",
  "cam kết",
  "hứa",
  "tuyệt đối",
  "hoàn toàn",
  "luôn",
  "sẽ",
  "nên",
  "hãy",
  "phải",
  "cần",
  "đừng",
  "bắt buộc",
  "an toàn",
  "miễn phí",
  "bí mật",
  "will",
  "must",
  "should",
  "always",
  "never",
  "guarantee",
  "guaranteed",
  "promise",
  "certainly",
  "definitely",
  "surely",
  "safe",
  "free",
  "secret",
  "do not",
  "don't",
  "have to",
  "need to",
];
/** Who does something, or has it done: what one of them may is not what another may, however alike the sentences are. */
const PARTIES =
  "người gây bạo lực|người bị bạo lực|người bạo lực|nạn nhân|công an|cảnh sát|tòa|toà|chủ tịch|ủy ban|chồng|vợ|cha mẹ|trẻ em|bác sĩ|police|court|abuser|victim|survivor|husband|wife|chair|parents|child".split(
    "|",
  );
/** Small words that join others and say nothing by themselves. */
const FREE = new Set(
  "bạn mình là thì và của có thể khi nếu để được cho với trong ở này đó cũng các những theo còn hoặc vì mà ra lúc từ đến tới ai gì a an the and or of to in on at for with by is are be it this that you your can may if when as from they them their".split(
    " ",
  ),
);
/** A sentence may begin with these although the passage has no capital there. */
const OPENERS = new Set(
  "bạn nếu khi theo trong sau trước còn và thì vì mỗi các những người ai việc từ để ngoài bên cạnh đó ở với cả hai một luật you your if when after before the a an in on it they this that there and or for with while until someone people".split(
    " ",
  ),
);

/** Proves a model's text against what it was given, in the language that she reads. */
export function prove(
  answer: string,
  grounds: readonly Ground[],
  lang: Lang,
  banned: readonly BannedPhrase[],
): Proof {
  if (answer.length > 4 * MAX_TEXT) return { ok: false, why: "too_long" };
  const text = unmask(answer).replace(DECORATION, "").replace(CITATION_AFTER_STOP, "$2$1").trim();
  const whole = faultOfWhole(text, lang, banned);
  if (whole) return { ok: false, why: whole };
  const sentences = text
    .split(SENTENCE_END)
    .map((s) => s.trim())
    .filter((s) => /\p{L}/u.test(s));
  const cited = new Set<number>();
  const kept: string[] = [];
  let judged = 0;
  for (const sentence of sentences) {
    const bare = sentence
      .replace(CITATION, "")
      .replace(/\s+([.,;:!?…])/g, "$1")
      .replace(/\s{2,}/g, " ")
      .trim();
    // Numbers to call are said in the approved words, with what stands around them (asking.ts), not in a machine's.
    if (phonesIn(bare).length > 0 && phonesIn(bare).every((p) => grounds.some((g) => g.text.includes(p))))
      continue;
    judged += 1;
    const numbers = citationsOf(sentence).filter((n) => grounds[n] !== undefined);
    const fault = faultOf(
      bare,
      numbers.flatMap((n) => grounds[n] ?? []),
      grounds,
      lang,
      banned,
    );
    if (fault === "unproven") continue;
    if (fault) return { ok: false, why: fault };
    kept.push(bare);
    for (const n of numbers) cited.add(n);
  }
  const out = kept.join(" ");
  if (kept.length === 0 || out.length < MIN_TEXT || kept.length < MIN_PROVEN * judged)
    return { ok: false, why: "little_left" };
  return { ok: true, text: out, cited: [...cited].sort((a, b) => a - b) };
}

function faultOfWhole(text: string, lang: Lang, banned: readonly BannedPhrase[]): Fault | undefined {
  if (!/\p{L}/u.test(text)) return "empty";
  if (text.length > MAX_TEXT) return "too_long";
  if (LINK.test(text)) return "link";
  if (MARKUP.test(text)) return "markup";
  if (banned.length === 0) return "no_list";
  const words = syllables(text.replace(CITATION, "")).filter((w) => /\p{L}/u.test(w));
  const marked = words.filter((w) => MARKED.test(w)).length / Math.max(1, words.length);
  return (lang === "vi") === marked > MARKED_SHARE ? undefined : "language";
}

function citationsOf(sentence: string): number[] {
  return [...sentence.matchAll(CITATION)].flatMap((m) => (m[1] ?? "").split(",").map((n) => Number(n) - 1));
}

/** A lie by its kind; "unproven": merely not found, or not cited. */
function faultOf(
  sentence: string,
  cited: readonly Ground[],
  all: readonly Ground[],
  lang: Lang,
  banned: readonly BannedPhrase[],
): Fault | "unproven" | undefined {
  // What stands in none of the passages is invented, cited or not; what stands in another one is only badly cited.
  const anywhere = makeSupport(all);
  const fault = anywhere.lie(sentence, lang, banned);
  if (fault) return fault;
  if (cited.length === 0) return "unproven";
  const here = makeSupport(cited);
  return here.lie(sentence, lang, banned) || !here.carries(sentence) ? "unproven" : undefined;
}

function makeSupport(grounds: readonly Ground[]) {
  const raw = grounds.map((g) => nfc(`${g.heading}\n${g.text}`)).join("\n");
  const lower = ` ${syllables(raw).join(" ")} `;
  const words = wordsOf(raw);
  const rows = raw
    .split(SENTENCE_END)
    .map((row) => ({ said: ` ${syllables(row).join(" ")} `, words: new Set(wordsOf(row)) }));
  const known = new Set(words);
  const numbers = new Set(
    [...raw.matchAll(NUMBER)].map((m) => m[0]).concat(words.filter((w) => /^\d/.test(w))),
  );
  const capitals = new Set([...raw.matchAll(CAPITALISED)].map((m) => m[0]));
  const neighbours = new Set<string>();
  const near = new Set<string>();
  words.forEach((w, i) => {
    neighbours.add(`${w} ${words[i + 1] ?? ""}`);
    for (let d = 1; d <= PAIR_REACH; d++) near.add(`${w} ${words[i + d] ?? ""}`);
  });
  return { lie, carries };

  function lie(sentence: string, lang: Lang, banned: readonly BannedPhrase[]): Fault | undefined {
    const own = wordsOf(sentence);
    if (!numbersStand(sentence, own)) return "number";
    if (!namesStand(sentence)) return "name";
    const said = ` ${syllables(sentence).join(" ")} `;
    if (
      PROMISES.some(
        (p) => said.includes(` ${syllables(p).join(" ")} `) && !lower.includes(` ${syllables(p).join(" ")} `),
      )
    )
      return "promise";
    const inPassage = new Set(bannedFaults(raw, lang, banned).map((b) => b.text));
    return bannedFaults(sentence, lang, banned).some((b) => !inPassage.has(b.text)) ? "banned" : undefined;
  }

  function numbersStand(sentence: string, own: readonly string[]): boolean {
    const written = [...sentence.matchAll(NUMBER)].map((m) => m[0]);
    if (written.some((n) => !numbers.has(n))) return false;
    return own.every((word, i) => {
      if (!/^\d/.test(word)) return true;
      if (!known.has(word)) return false;
      const [before = "", after = ""] = [own[i - 1], own[i + 1]];
      if (UNITS.has(after) && !neighbours.has(`${word} ${after}`)) return false;
      return !LAW_WORDS.has(before) || neighbours.has(`${before} ${word}`);
    });
  }

  function namesStand(sentence: string): boolean {
    const found = [...sentence.matchAll(CAPITALISED)];
    return found.every(({ 0: word, index }, i) => {
      if (capitals.has(word)) return true;
      const opens = !/[\p{L}\d]/u.test(sentence.slice(0, index));
      const next = found[i + 1];
      const runsOn = next !== undefined && next.index === index + word.length + 1;
      // A single capital at the beginning is how sentences begin; that its word is known, `carries` wants.
      return opens && !runsOn;
    });
  }

  /** Nearly its words, in nearly their order, and nothing turned into its opposite. */
  function carries(sentence: string): boolean {
    const own = wordsOf(sentence);
    const telling = own.filter((w) => !FREE.has(w));
    const first = syllables(sentence)[0] ?? "";
    if (telling.length === 0 || !(OPENERS.has(first) || lower.includes(` ${first} `))) return false;
    const there = telling.filter((w) => known.has(w)).length;
    let pairs = 0;
    let joined = 0;
    own.forEach((w, i) => {
      const next = own[i + 1];
      if (next === undefined) return;
      pairs += 1;
      if (near.has(`${w} ${next}`)) joined += 1;
    });
    return (
      there >= MIN_SYLLABLES * telling.length &&
      joined >= MIN_PAIRS * pairs &&
      !turned(own) &&
      isOfSameParties(` ${syllables(sentence).join(" ")} `, telling)
    );
  }

  /** Whom it names must be named by the very sentence that it shortens: "người bị bạo lực không được đến gần" is a lie. */
  function isOfSameParties(said: string, telling: readonly string[]): boolean {
    const named = PARTIES.filter((party) => said.includes(` ${party} `));
    if (named.length === 0) return true;
    // Numbers are proven by themselves, and may stand as words in the heading.
    const told = telling.filter((w) => !/^\d/.test(w));
    return rows.some(
      (row) =>
        named.every((party) => row.said.includes(` ${party} `)) &&
        told.filter((w) => row.words.has(w)).length >= MIN_SYLLABLES * told.length,
    );
  }

  /** A "không" that the passage lacks there, or one that it has and the sentence leaves out. */
  function turned(own: readonly string[]): boolean {
    return own.some((word, i) => {
      const next = own[i + 1];
      if (next === undefined) return false;
      if (NEGATIONS.has(word)) return ![...NEGATIONS].some((n) => neighbours.has(`${n} ${next}`));
      if (denies(own, i) || NEGATIONS.has(next)) return false;
      let open = false;
      let denied = false;
      words.forEach((w, at) => {
        if (w !== word || words[at + 1] !== next) return;
        if (denies(words, at)) denied = true;
        else open = true;
      });
      return denied && !open;
    });
  }
}

function denies(words: readonly string[], at: number): boolean {
  return NEGATIONS.has(words[at - 1] ?? "") || NEGATIONS.has(words[at - 2] ?? "");
}

/** Syllables, with number words as numbers. */
function wordsOf(text: string): string[] {
  const all = syllables(text);
  // "một" is a number only where something is counted; else it is an article.
  return all.map((w, i) =>
    (w === "một" || w === "one") && UNITS.has(all[i + 1] ?? "") ? "1" : (NUMBER_WORDS.get(w) ?? w),
  );
}
