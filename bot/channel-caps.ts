/** What each channel can do, whether it is configured here or not: for the simulator and for previews. */

import { TELEGRAM_CAPS } from "./adapters/telegram/render.ts";
import { WEB_CAPS } from "./adapters/web-page/channel.ts";
import { ZALO_BOT_CAPS } from "./adapters/zalo-bot/render.ts";
import { ZALO_OA_CAPS } from "./adapters/zalo-oa/render.ts";
import type { ChannelCaps, ChannelName } from "./core/message.ts";

export function capsOf(channel: ChannelName): ChannelCaps {
  switch (channel) {
    case "telegram":
      return TELEGRAM_CAPS;
    case "zalo-bot":
      return ZALO_BOT_CAPS;
    case "zalo-oa":
      return ZALO_OA_CAPS;
    case "web":
      return WEB_CAPS;
    case "terminal":
      // A terminal shows what the page would, and has no session to end.
      return { ...WEB_CAPS, name: "terminal", session: false };
  }
}
