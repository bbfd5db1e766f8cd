/** Webhooks: genuine, persisted, and only then 200. */

import { errorKind } from "../core/error-kind.ts";
import { makeCapture } from "./capture.ts";
import type { ForumDesk } from "./forum.ts";
import { receive } from "./inbox.ts";
import type { Parts } from "./parts.ts";
import type { Hooks } from "./services.ts";

export function makeHooks(parts: Parts, forum: ForumDesk | null): Hooks {
  const capture = makeCapture(parts);
  return {
    async take(name, request) {
      const channel = parts.channels.get(name);
      if (!channel) return 404;
      await capture.offer(name, request);
      const read = channel.read(request);
      if (!read.ok) {
        parts.log("warn", "webhook_refused", { channel: name, cause: read.code });
        return read.status;
      }
      try {
        await receive(parts, forum, read.inbound);
        return 200;
      } catch (error) {
        parts.log("error", "webhook_not_stored", {
          channel: name,
          error: errorKind(error),
        });
        return 503;
      }
    },
  };
}
