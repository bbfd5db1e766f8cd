/** Her own words: the private word that shows it is her, and the duress word that says it is not safe. Never shown to staff. */

import type { State } from "./state.ts";
import { graphemes } from "./text.ts";
import { count, effect, openCase, raise, say, type Turn, text } from "./turn.ts";
import { core, plain } from "./understand.ts";

export type OwnWord = "private_word" | "duress_word";

/** What staff see in place of a word. */
export const MASK = "•••";
const MIN_LETTERS = 2;
const MAX_LETTERS = 40;
const MAX_SYLLABLES = 6;
/** A phrase this long is found inside a short message too; a shorter one must be the whole message. */
const MIN_PHRASE = 3;
const MAX_MESSAGE = 9;

/** Keeps a word; what is wrong with it as a text's key, or null. */
export function keepWord(turn: Turn, which: OwnWord, words: string): "words.too_long" | "words.taken" | null {
  const word = core(words);
  const letters = graphemes(word).length;
  if (letters < MIN_LETTERS || letters > MAX_LETTERS || word.split(" ").length > MAX_SYLLABLES)
    return "words.too_long";
  const { own } = turn.state;
  const other = which === "private_word" ? own.duress : own.private;
  const isCommand = Object.values(turn.world.settings.words).some(
    (set) => set.has(word) || set.has(plain(words)),
  );
  if (isCommand || word === other || /^\d$/.test(word)) return "words.taken";
  if (which === "private_word") own.private = word;
  else own.duress = word;
  effect(turn, { type: "audit", action: `${which}_set`, detail: "" });
  return null;
}

/** Without a private word there is no duress word either: a lock that nobody could open would lock her out. */
export function clearWord(turn: Turn, which: OwnWord): void {
  turn.state.own.duress = null;
  if (which === "private_word") turn.state.own.private = null;
  effect(turn, { type: "audit", action: `${which}_cleared`, detail: "" });
}

export function isPrivateWord(state: State, words: string): boolean {
  return (
    state.own.private !== null && (plain(words) === state.own.private || core(words) === state.own.private)
  );
}

export function isDuressWord(state: State, words: string): boolean {
  const word = state.own.duress;
  // "Hôm nay trời mưa to quá" holds "trời mưa to": the word that opens must not raise the alarm each time.
  if (word === null || isPrivateWord(state, words)) return false;
  const said = plain(words);
  if (said === word || core(words) === word) return true;
  return (
    word.split(" ").length >= MIN_PHRASE &&
    said.split(" ").length <= MAX_MESSAGE &&
    ` ${said} `.includes(` ${word} `)
  );
}

/** Is this message one of her words, or about to become one? */
export function isSecret(turn: Turn, words: string): boolean {
  if (isPrivateWord(turn.state, words) || isDuressWord(turn.state, words)) return true;
  return asksForWord(turn) !== null && plain(words).split(" ").length <= MAX_SYLLABLES;
}

/** Which word the waiting question asks for. */
export function asksForWord(turn: Turn): OwnWord | null {
  const frame = turn.state.frames.at(-1);
  const step = frame && turn.world.flows.get(frame.flow)?.steps[frame.step];
  return step && "ask_text" in step && step.into !== undefined && step.into !== "safe_hours"
    ? step.into
    : null;
}

/** Harmless content and a lock on her phone; on the desk an emergency. No visible sign: nothing is deleted either. */
export function duress(turn: Turn): void {
  const { state, event } = turn;
  raise(turn, "emergency", [{ category: "duress", evidence: "nhắn từ báo động" }]);
  openCase(turn, false);
  count(turn, "duress");
  effect(turn, { type: "audit", action: "duress_word", detail: "" });
  state.frames = [];
  state.offered = [];
  state.pending = null;
  state.remembered.wish = "no";
  state.burst = [];
  state.lock = "duress";
  state.duressAt = event.at;
  say(turn, text(turn, "decoy"));
}
