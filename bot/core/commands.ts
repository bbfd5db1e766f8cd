/** Taps, and the words that work at any question. */

import { sayAboutUs, sayChosen, standingChoices } from "./answer.ts";
import { wishesByName } from "./by-name.ts";
import { takeFeedback } from "./feedback.ts";
import { takeOld, takeOldLabel } from "./flow/old.ts";
import { askAgain, back, isWaiting, skip, startFlow, takeChoice } from "./flow/run.ts";
import { afterDigression } from "./free-talk.ts";
import { sayRetracted } from "./joking.ts";
import type { Choice, Lang } from "./message.ts";
import { readWanted, shortName } from "./next-choices.ts";
import type { LaterWordKey, WordKey } from "./settings.ts";
import { effect, say, type Turn, text } from "./turn.ts";
import {
  DENIALS,
  isCommand,
  mentions,
  type Option,
  optionsOf,
  pick,
  plain,
  plainLabel,
  spelt,
} from "./understand.ts";

/** A wish for a human is short; in a longer message the words may be part of a story. */
const MAX_WISH_WORDS = 9;
/** "Gặp người" is the wish before these or at the end; "gặp người lạ", "gọi người nhà" tell something. */
const AFTER_PERSON = new Set("di nhe duoc giup gium voi a ngay lien dau oi please now".split(" "));
/** A person only named: "tư vấn viên có kỳ thị không", "human rights" wish for nobody. */
const OPEN_ENDED =
  /(^| )nguoi$|^(nguoi that|tu van vien|human|counsellor|a real person)$|(nhan vien|can bo|noi chuyen|to talk)$/;
/** "Cần nói chuyện với chồng" is no wish; "cho gặp người với" is one. */
const WITH_WHOM = /(noi chuyen|to talk)$/;
/** A denial so many syllables before a wish makes it none; the "không" behind it only asks ("… được không"). */
const DENIED_WITHIN = 5;

/** Words that lead to the flow of the same name; what waits comes back afterwards. */
const FLOW_WORDS = ["forget", "my_words", "safe_hours", "my_data"] as const;
const ARTICLE_WORDS = ["calm", "plan"] as const;

/** A button pressed, of this or an earlier message. */
export function tapped(turn: Turn, value: string): void {
  const wanted = readWanted(value);
  if (wanted) {
    sayChosen(turn, value, wanted);
    return afterDigression(turn);
  }
  if (value.startsWith("fb:")) {
    takeFeedback(turn, value, standingChoices(turn));
    return afterDigression(turn);
  }
  if (value.startsWith("go:")) return goTo(turn, value.slice(3));
  if (takeChoice(turn, value) === "taken" || takeOld(turn, value) === "taken") return;
  if (isWaiting(turn)) return askAgain(turn);
  startFlow(turn, turn.world.settings.flows.menu, "main");
}

function goTo(turn: Turn, place: string): void {
  const { flows } = turn.world.settings;
  switch (place) {
    case "human":
      return startFlow(turn, flows.human, "main");
    case "numbers":
      return startFlow(turn, flows.numbers, isWaiting(turn) ? "interrupt" : "main");
    case "me":
      return isWaiting(turn) ? askAgain(turn) : startFlow(turn, flows.menu, "main");
    default:
      return startFlow(turn, flows.menu, "main");
  }
}

/** Commands that work at any question; true: it was one. */
export function command(turn: Turn, words: string): boolean {
  const is = (key: WordKey | LaterWordKey) => isCommand(turn.world.settings, key, words);
  const { flows } = turn.world.settings;
  const article = ARTICLE_WORDS.find(is);
  const side = FLOW_WORDS.find(is);
  if (side && turn.state.frames.at(-1)?.flow === flows[side]) return false;
  if (side) startFlow(turn, flows[side], isWaiting(turn) ? "interrupt" : "main");
  else if (article) tapped(turn, `a:${turn.world.settings.articles[article]}`);
  else if (wantsHuman(turn, words)) startFlow(turn, flows.human, "main");
  else if (is("numbers")) goTo(turn, "numbers");
  else if (is("menu")) startFlow(turn, flows.menu, "main");
  else if (is("english") || is("vietnamese")) changeLanguage(turn, is("english") ? "en" : "vi");
  else if (is("retract")) retract(turn);
  else if (callsAgain(turn, words)) startFlow(turn, flows.human, "main");
  else if (is("no_more") && !isWaiting(turn) && turn.state.case?.state === "waiting") takeBack(turn);
  else if (is("why") && isWaiting(turn)) {
    say(turn, text(turn, "why_asked"));
    askAgain(turn);
  } else if (is("back") && isWaiting(turn)) {
    if (!back(turn)) {
      say(turn, text(turn, "back.nowhere"));
      askAgain(turn);
    }
  } else if (is("skip") && isWaiting(turn)) skip(turn);
  else return takeOldLabel(turn, words) === "taken";
  return true;
}

/** "À gọi đi", after she took her wish back. */
const CALL_AGAIN =
  /^(?:(?:a|thoi|vay|uh|u|da|em|khoan) )*(?:goi|keu|cho gap|goi lai|gap)(?: (?:lai|di|giup em|giup|luon|nha|nhe|chi|nguoi|em|cho em))*$|^(?:ok )?(?:call|yes call)(?: (?:them|someone|her|again|please))*$/;

function callsAgain({ state }: Turn, words: string): boolean {
  return (
    state.remembered.taken_back === "yes" && state.case?.state === "waiting" && CALL_AGAIN.test(plain(words))
  );
}

/** Does a message lead somewhere of its own, whatever else is said beside it? */
export function isOrder(turn: Turn, words: string): boolean {
  const { settings } = turn.world;
  const keys = [
    ...FLOW_WORDS,
    ...ARTICLE_WORDS,
    "numbers",
    "menu",
    "english",
    "vietnamese",
    "retract",
  ] as const;
  return keys.some((key) => isCommand(settings, key, words)) || wantsHuman(turn, words);
}

/**
 * "Bạn có phải người thật không?" is neither a wish for a human nor the answer that holds the same words; true: it was
 * that, and is answered.
 */
export function askedAboutMachine(turn: Turn, words: string): boolean {
  const isShort = plain(words).split(" ").length <= MAX_WISH_WORDS;
  if (!isShort || !mentions(turn.world.settings, "machine", words)) return false;
  sayAboutUs(turn, words);
  afterDigression(turn);
  return true;
}

/** "Cho em gặp người thật được không": the message is the wish, or holds a plain one. */
export function wantsHuman(turn: Turn, words: string): boolean {
  if (wishesHuman(turn, words)) return true;
  return plain(words).split(" ").length <= MAX_WISH_WORDS && isWished(turn, "human", words);
}

/** Is it the wish for a person and nothing else, or does it hold one that is no part of a story, beside whatever else she tells? */
export function wishesHuman(turn: Turn, words: string): boolean {
  return (
    isCommand(turn.world.settings, "human", words) ||
    isWished(turn, "wish", words) ||
    wishesByName(turn, words)
  );
}

/** In one of its clauses: "không, cho em gặp người thật" and "I can't sleep. Can I talk to someone" deny nothing. */
function isWished(turn: Turn, key: "human" | "wish", words: string): boolean {
  const person = words.replace(/(^|\s)ng(?=\s|$)/giu, "$1người");
  const whole = ` ${plain(person)} `;
  const out = ` ${spelt(plain(person))} `;
  // Few messages hold any, and some have thousands of clauses.
  const phrases = [...turn.world.settings.words[key]].filter(
    (phrase) => whole.includes(` ${phrase} `) || out.includes(` ${phrase} `),
  );
  if (phrases.length === 0) return false;
  return person.split(/[.,;:!?\n]/).some((clause) => {
    const said = plain(clause);
    return holdsWish(` ${said} `, phrases) || holdsWish(` ${spelt(said)} `, phrases);
  });
}

function holdsWish(clause: string, phrases: readonly string[]): boolean {
  for (const phrase of phrases) {
    const at = clause.indexOf(` ${phrase} `);
    if (at < 0) continue;
    const before = clause.slice(0, at).trim().split(" ").slice(-DENIED_WITHIN);
    const [after = ""] = clause
      .slice(at + phrase.length + 1)
      .trim()
      .split(" ");
    const isPolite = AFTER_PERSON.has(after) && !(after === "voi" && WITH_WHOM.test(phrase));
    const isOther = OPEN_ENDED.test(phrase) && after !== "" && !isPolite;
    if (!isOther && !before.some((w) => DENIALS.has(w))) return true;
  }
  return false;
}

function changeLanguage(turn: Turn, lang: Lang): void {
  turn.state.lang = lang;
  turn.state.speaks = lang;
  turn.state.remembered.chose = "yes";
  say(turn, text(turn, "language.changed"));
  if (isWaiting(turn)) askAgain(turn);
  // She waits for a human: a menu would ask her what she needs.
  else if (turn.state.case?.state === "waiting") say(turn, "", { choices: standingChoices(turn) });
  else startFlow(turn, turn.world.settings.flows.menu, "main");
}

/** She says that it was heard wrongly: no arguing, and the level stays for a human to judge. */
function retract(turn: Turn): void {
  sayRetracted(turn);
  effect(turn, { type: "audit", action: "retracted", detail: "" });
  if (turn.state.frames.at(-1)?.flow === turn.world.settings.flows.emergency) turn.state.frames.pop();
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

/** She waits and no longer wants anybody to come: noted for the desk; what was heard stays for a human to judge. */
function takeBack(turn: Turn): void {
  const open = turn.state.case;
  if (!open) return;
  open.asked = false;
  turn.state.remembered.taken_back = "yes";
  turn.state.remembered.called = "no";
  turn.state.frames = [];
  effect(turn, { type: "mark_case", caseId: open.id, mark: "taken_back" });
  say(turn, text(turn, "waiting.no_more"), { choices: standingChoices(turn) });
}

/** A label of our last message typed by hand, or its number. */
export function offeredLabel(turn: Turn, words: string): boolean {
  const meant = pick(typedFor(turn.state.offered), words);
  if (meant === null) return false;
  tapped(turn, meant);
  return true;
}

/**
 * What was found is called by its whole name, or by its heading where only one has it. Not by a message that holds a name
 * of two words and says more: that asks something else, and finding hears it better.
 */
function typedFor(offered: readonly Choice[]): Option[] {
  const short = offered.map((c) => plainLabel(shortName(c.label) ?? ""));
  return optionsOf(offered).map((option) => {
    if (!readWanted(option.value)) return option;
    const own = plainLabel(shortName(option.label) ?? "");
    const isOnly = own !== "" && short.filter((s) => s === own).length === 1;
    return { ...option, words: isOnly ? [own] : [], whole: true };
  });
}
