/** What each channel can do, whether it is configured here or not: for the simulator and for previews. */

import { TELEGRAM_CAPS } from "./adapters/telegram/render.ts";
import { WEB_CAPS } from "./adapters/web-page/channel.ts";
import type { ChannelCaps, ChannelName } from "./core/message.ts";

export function capsOf(channel: ChannelName): ChannelCaps {
  switch (channel) {
    case "telegram":
      return TELEGRAM_CAPS;
    default:
      return WEB_CAPS;
  }
}
