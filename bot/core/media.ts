/** What is sent instead of words: never opened, never kept, and never left without a way to get help. */

import { callsIn } from "./answer.ts";
import type { MediaKind } from "./message.ts";
import { say, type Turn, text } from "./turn.ts";

/** Pictures that are sent at once come as so many messages: the first answer is for all. */
const TOGETHER_MS = 10_000;
/** What an app hides is answered again only after this long: the answer is the same, and Zalo counts a bot's messages. */
const HIDDEN_MS = 3 * 60_000;

/** Was the same just answered? Five answers would make the phone on the table ring five times. */
export function isOfAlbum(turn: Turn, media: MediaKind): boolean {
  return isTold(turn, media, TOGETHER_MS);
}

function isTold({ state, event }: Turn, media: MediaKind | "unreadable", forMs: number): boolean {
  if (state.unread?.media === media && event.at - state.unread.at < forMs) return true;
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

/** Her words that came with it are answered; she must not believe that somebody saw the picture. */
export function sayUnseen(turn: Turn): void {
  say(turn, text(turn, "media.beside"));
}

/**
 * The app hides what she writes (a child's account on Zalo, but also a file or a card): numbers to call, and where her words
 * can be read. She is asked nothing, because her answer would be hidden too.
 */
export function sayUnreadable(turn: Turn): void {
  if (isTold(turn, "unreadable", HIDDEN_MS)) return;
  say(turn, text(turn, "unreadable"), { phones: turn.world.settings.hotlines, safety: true });
  const { page } = turn.world;
  if (page !== undefined) say(turn, text(turn, "unreadable.page", { page }));
}
