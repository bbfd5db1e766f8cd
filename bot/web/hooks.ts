/** Webhooks of the platforms: the raw bytes, capped, to the shell; its word is the status. */

import { Hono } from "hono";
import type { Hooks } from "../app/services.ts";
import type { ChannelName } from "../core/message.ts";
import { readCapped } from "./body.ts";

/** The largest real update of any platform is far below; more is not from a platform. */
export const MAX_HOOK_BYTES = 256 * 1024;

const CHANNELS: readonly ChannelName[] = ["telegram", "zalo-bot", "zalo-oa"];

export function hookRoutes(hooks: Hooks): Hono {
  const app = new Hono();
  for (const channel of CHANNELS) {
    app.post(`/hooks/${channel}`, async (c) => {
      const body = await readCapped(c.req.raw, MAX_HOOK_BYTES);
      if (body === null) return c.body(null, 413);
      return c.body(null, await hooks.take(channel, { headers: c.req.header(), body }));
    });
  }
  return app;
}
