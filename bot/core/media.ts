/** What is sent instead of words: never opened, never kept, and never left without a way to get help. */

import { callsIn } from "./answer.ts";
import type { MediaKind } from "./message.ts";
import { say, type Turn, text } from "./turn.ts";

/** Pictures that are sent at once come as so many messages: the first answer is for all. */
const TOGETHER_MS = 10_000;

/** Was the same just answered? Five answers would make the phone on the table ring five times. */
export function isOfAlbum({ state, event }: Turn, media: MediaKind): boolean {
  if (state.unread?.media === media && event.at - state.unread.at < TOGETHER_MS) return true;
  state.unread = { media, at: event.at };
  return false;
}

/**
 * Says that it was not looked at. Who shares a place may wait to be fetched, and who sends her voice may be unable to
 * write: both are told whom to call.
 */
export function sayUnread(turn: Turn, media: MediaKind): void {
  switch (media) {
    case "location": {
      const words = text(turn, "media.location");
      return say(turn, words, { phones: callsIn(turn, words), safety: true });
    }
    case "voice":
      return say(turn, text(turn, "media.voice"), { phones: turn.world.settings.hotlines, safety: true });
    case "sticker":
      return say(turn, text(turn, "emoji"));
    default:
      return say(turn, text(turn, "media.only_text"));
  }
}
