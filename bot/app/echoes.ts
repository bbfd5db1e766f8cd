/** A platform tells us of all that goes out in our name. What we sent ourselves is no news; the rest is another voice. */

import { fitTo } from "../core/fit.ts";
import type { Inbound } from "../core/message.ts";
import type { ConversationHead, TranscriptLine } from "../ports/store.ts";
import { type Envelope, envelope, openedRefs, type SealedLine } from "./contexts.ts";
import type { Parts } from "./parts.ts";

/** An echo follows its message within seconds; hours are for an outage. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** Of the newest; more than are said in that time. */
const MAX_LINES = 1_000;

type Needs = Pick<Parts, "store" | "vault" | "channels">;

/**
 * The messages without the echoes of our own. Known by the platform's id, or, because an echo may come before the
 * answer to our call, by its words. Where there is no conversation nobody of ours has anything to say.
 */
export async function withoutOwnEchoes(
  needs: Needs,
  head: ConversationHead | null,
  messages: readonly Inbound[],
): Promise<readonly Inbound[]> {
  if (!messages.some(isEcho)) return messages;
  const kept: Inbound[] = [];
  for (const message of messages) {
    if (!isEcho(message) || (head !== null && !(await isOurs(needs, head, message)))) kept.push(message);
  }
  return kept;
}

function isEcho(message: Inbound): boolean {
  return message.content.kind === "other_voice";
}

async function isOurs(
  { store, vault, channels }: Needs,
  head: ConversationHead,
  echo: Inbound,
): Promise<boolean> {
  const box = envelope(vault, head.wrappedKey);
  const { platformRef: ref, content, at } = echo;
  if (ref !== undefined) {
    const refs = await store.outbox.wipeRefs(head.id, at - LOOK_BACK_MS);
    if (openedRefs(box, head.id, refs).some((own) => own.split(",").includes(ref))) return true;
  }
  const caps = channels.get(echo.channel)?.caps;
  if (content.kind !== "other_voice" || content.text === undefined || !caps) return false;
  const said = squeezed(content.text);
  const lines = await store.conversations.transcriptEnd(head.id, 0, MAX_LINES);
  return lines.some((line) => {
    const known = line.at > at - LOOK_BACK_MS && opened(box, line);
    if (!known) return false;
    const { text, choices = [], from } = known;
    // Only what was given to the outbox has a sender: words of another voice that we kept are not ours.
    return (
      from !== undefined && fitTo({ text, choices }, caps).some((piece) => squeezed(piece.text) === said)
    );
  });
}

/** A spoilt line must not have a webhook refused for ever: after some refusals a platform takes it away from everybody. */
function opened(box: Envelope, { id, sealed }: TranscriptLine): SealedLine | null {
  try {
    return box.line.open(id, sealed);
  } catch {
    return null;
  }
}

/** Platforms trim and may decompose what they give back. */
function squeezed(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
