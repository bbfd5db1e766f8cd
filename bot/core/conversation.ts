/** The one function that matters: one event decided. Pure; the order of its questions is the order of design.md §2. */

import { command, offeredLabel, tapped } from "./commands.ts";
import { deskEvent, timerDue, undelivered } from "./desk-events.ts";
import type { Effect } from "./effects.ts";
import type { ConversationEvent } from "./events.ts";
import { askAgain, isWaiting, takeText } from "./flow/run.ts";
import { answerPending, talk, wordless } from "./free-talk.ts";
import { locked, snooped } from "./gate.ts";
import { arrivedAgain, greet, refuse } from "./greeting.ts";
import { emergency, hear, keep, unsafeWhileWaiting, wordsOf } from "./hearing.ts";
import { exit, personLeft } from "./leaving.ts";
import type { Content, Lang } from "./message.ts";
import type { State } from "./state.ts";
import type { Heard } from "./triage/ear.ts";
import { beginTurn, effect, flush, say, type Turn, text } from "./turn.ts";
import { isCommand, mentions, plain } from "./understand.ts";
import type { World } from "./world.ts";

export interface Decision {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Decides one event. Same state, event and world: same decision. */
export function step(state: State, event: ConversationEvent, world: World): Decision {
  const turn = beginTurn(state, event, world);
  switch (event.type) {
    case "message_received":
      received(turn, event.content, event.langHint, event.platformRef);
      break;
    case "timer_due":
      timerDue(turn, event.timer, event.token);
      break;
    case "case_claimed":
    case "counsellor_wrote":
    case "case_released":
    case "case_closed":
    case "level_set":
      deskEvent(turn, event);
      break;
    case "delivery_failed":
      undelivered(turn, event.code);
      break;
    case "turn_failed":
      sayFallback(turn);
      break;
  }
  if (turn.state.lock === null && turn.state.case?.state !== "claimed") answerPending(turn);
  flush(turn);
  return { state: turn.state, effects: turn.effects };
}

/** The words that always work: numbers to call, when nothing else does. */
export function sayFallback(turn: Turn): void {
  say(turn, text(turn, "fallback"), { phones: turn.world.settings.hotlines, safety: true });
}

function received(turn: Turn, content: Content, langHint: Lang | undefined, platformRef: string | undefined): void {
  const { state, event } = turn;
  if (content.kind === "refused") return refuse(turn, content.why);
  if (content.kind === "withdrawn") return effect(turn, { type: "forget", receipt: "withdrawn" });
  if (content.kind === "left") return personLeft(turn);
  if (!state.greeted && langHint) state.lang = langHint;
  const words = wordsOf(content);
  keep(turn, content, words, platformRef);
  const gapMs = event.at - state.lastPersonAt;
  const hadWritten = state.lastPersonAt > 0;
  state.lastPersonAt = event.at;

  // 1. Exit and forget: nothing comes before them, in any state.
  if (words !== null && isCommand(turn.world.settings, "exit", words)) return exit(turn);

  // 2. Risk first: every text, whoever writes it and whatever state we are in.
  const heard = words !== null && content.kind !== "choice" ? hear(turn, words) : null;
  const danger = heard?.level === "emergency" || (words !== null && unsafeWhileWaiting(turn, words));

  // 3. Is it still her?
  if (hadWritten && gapMs > turn.world.settings.gap_minutes * 60_000 && state.case?.state !== "claimed") {
    state.lock ??= "gap";
  }
  if (words !== null && mentions(turn.world.settings, "snoop", words)) return snooped(turn);
  if (danger) return emergency(turn);
  if (state.lock) return locked(turn, content, words);

  // 4. A human is here: hers is the word.
  if (state.case?.state === "claimed") {
    if (content.kind === "media") say(turn, text(turn, "media.only_text"));
    return;
  }

  dispatch(turn, content, words, heard);
}

/** Everything that is not exit, danger, a lock or a talk with a counsellor. */
function dispatch(turn: Turn, content: Content, words: string | null, heard: Heard | null): void {
  const { state } = turn;
  if (!state.greeted) return greet(turn, content, words);
  if (content.kind === "arrived") return arrivedAgain(turn);
  if (content.kind === "choice") return tapped(turn, content.value);
  if (content.kind === "edited") return;
  if (content.kind === "unreadable") return say(turn, text(turn, "unreadable"), { phones: turn.world.settings.hotlines, safety: true });
  if (words === null) {
    say(turn, text(turn, "media.only_text"));
    if (isWaiting(turn)) askAgain(turn);
    return;
  }
  if (plain(words) === "") return wordless(turn, words);
  if (command(turn, words) || answered(turn, words)) {
    // "Không phải bây giờ" is an answer to us, not part of a disclosure: it must not colour what she tells next.
    if (heard?.level === "none") state.recent = state.recent.slice(0, -1);
    return;
  }
  talk(turn, words, heard);
}

/** Was it an answer to the waiting question, or a label of our last message? */
function answered(turn: Turn, words: string): boolean {
  return isWaiting(turn) ? takeText(turn, words) === "taken" : offeredLabel(turn, words);
}
