/** First words, coming back without words, and those whom we do not talk to. */

import { announces } from "./asked-or-told.ts";
import { wantsHuman } from "./commands.ts";
import { askAgain, isWaiting, startFlow } from "./flow/run.ts";
import { tells } from "./free-talk.ts";
import { isHeard } from "./hearing.ts";
import { sayUnread } from "./media.ts";
import type { Content } from "./message.ts";
import { sayCannotCall } from "./needs.ts";
import type { Heard } from "./triage/ear.ts";
import { count, say, type Turn, text } from "./turn.ts";
import { isCommand, plain } from "./understand.ts";

/** A longer wish has something beside it that is answered too. */
const MAX_WISH = 9;

/** First words to somebody new; what she asked or told at once is answered after them. */
export function greet(turn: Turn, content: Content, words: string | null, heard: Heard | null = null): void {
  const { state } = turn;
  state.greeted = true;
  count(turn, "conversation_begun");
  if (content.kind === "media" && words === null) sayUnread(turn, content.media);
  // "Bị chồng đánh" is as short as a greeting: what the ear hears is never one.
  const isAlone =
    words === null || plain(words) === "" || ((isGreeting(words) || announces(words)) && !isHeard(heard));
  const isWish = words !== null && plain(words).split(" ").length <= MAX_WISH && wantsHuman(turn, words);
  if (isWish) state.remembered.wish = "yes";
  // What is only a wish for a human is granted, and nothing to look up.
  const isWritten = content.kind === "text" || content.kind === "media";
  if (isWritten && !isAlone && (!isWish || isHeard(heard))) state.pending = words;
  startFlow(turn, turn.world.settings.flows.start, "main");
  // The first line is what a lock screen shows. She must not wait for a car that nobody has sent.
  if (words !== null && sayCannotCall(turn, words) && !tells(heard)) state.pending = null;
  // The numbers are the buttons below.
  if (words !== null && isCommand(turn.world.settings, "numbers", words)) {
    state.pending = null;
    say(turn, "", { phones: turn.world.settings.hotlines, safety: true });
  }
}

/** "Alo", "xin chào ạ": up to three syllables carry no question. */
function isGreeting(words: string): boolean {
  return plain(words).split(" ").length <= 3 && !/[?？]/.test(words);
}

/** She opened the chat again. */
export function arrivedAgain(turn: Turn): void {
  if (isWaiting(turn)) askAgain(turn);
  else startFlow(turn, turn.world.settings.flows.menu, "main");
}

/** Groups and bots are told once a day that this is no place for them. */
export function refuse(turn: Turn, why: "group" | "bot"): void {
  const { state, event } = turn;
  if (event.at - state.toldAt < 24 * 3_600_000) return;
  state.toldAt = event.at;
  say(turn, text(turn, why === "group" ? "refused.group" : "refused.bot"));
}
