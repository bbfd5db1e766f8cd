/**
 * Webhooks of the platforms: the raw bytes, capped, to the shell; its word is the status. Answered straight from Node's
 * request, because a router and the web's own streams would cost more than all else that is done before the 200.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Hooks } from "../app/services.ts";
import { errorKind } from "../core/error-kind.ts";
import type { ChannelName } from "../core/message.ts";
import type { Log } from "../ports/log.ts";

/** The largest real update of any platform is far below; more is not from a platform. */
export const MAX_HOOK_BYTES = 256 * 1024;
/** What is too large is read to its end, so that the sender hears the answer; who sends more than this is cut off. */
const MAX_DRAINED_BYTES = 16 * 2 ** 20;

const CHANNELS: ReadonlyMap<string, ChannelName> = new Map(
  (["telegram", "zalo-bot", "zalo-oa"] as const).map((name) => [`/hooks/${name}`, name]),
);

/** Answers a request if it is one of its own; false: it is for others. */
export type Door = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** The door for webhooks. Headers and bytes go to `hooks.take` as they came; a failure of ours is a 500 without a word. */
export function hookDoor(hooks: Hooks, log: Log): Door {
  return (incoming, outgoing) => {
    const channel = incoming.method === "POST" ? CHANNELS.get(pathOf(incoming.url ?? "")) : undefined;
    if (!channel) return false;
    read(incoming, async (body) => {
      if (body === null) return answer(outgoing, 413);
      // Only cookies come as a list, and no platform sends those.
      const headers = incoming.headers as Record<string, string | undefined>;
      const status = await hooks.take(channel, { headers, body }).catch((error: unknown) => {
        const name = errorKind(error);
        log("error", "web.bug", { name, route: `/hooks/${channel}` });
        return 500;
      });
      answer(outgoing, status);
    });
    return true;
  };
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

/** Calls back once: with the bytes, or with null as soon as there are more than were allowed. Never when it broke off. */
function read(incoming: IncomingMessage, done: (body: Uint8Array | null) => void): void {
  const pieces: Buffer[] = [];
  let isTold = Number(incoming.headers["content-length"] ?? 0) > MAX_HOOK_BYTES;
  if (isTold) done(null);
  let size = 0;
  incoming.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > MAX_DRAINED_BYTES) incoming.destroy();
    else if (isTold) return;
    else if (size <= MAX_HOOK_BYTES) pieces.push(piece);
    else {
      isTold = true;
      done(null);
    }
  });
  incoming.on("end", () => {
    if (!isTold) done(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
  });
  // Whoever broke off waits for nothing; unheard, an error would end the process.
  incoming.on("error", () => {});
}

function answer(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { "content-length": 0 });
  outgoing.end();
}
