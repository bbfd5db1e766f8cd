/** Outbound → texts for Zalo Bot, which has neither buttons nor markup that we use: choices become numbered lines. */

import { fitTo } from "../../core/fit.ts";
import type { ChannelCaps, Outbound } from "../../core/message.ts";

/** channels.md §1.3, §5. The monthly quota is the bot's, not one person's, so it is no budget of a conversation. */
export const ZALO_BOT_CAPS: ChannelCaps = {
  name: "zalo-bot",
  maxText: 2000,
  maxButtons: 0,
  maxButtonLabel: 100,
  maxButtonValue: 0,
  numbersChoices: true,
  canDelete: false,
  typing: true,
  // Zalo publishes none; these are ours (channels.md §1.6).
  rates: { chat: { burst: 3, perSecond: 1 }, all: { burst: 10, perSecond: 10 } },
  callButtons: false,
  session: false,
};

/** The texts to send, in order; at least one. No parse_mode: nothing that anybody wrote can be read as markup. */
export function renderMessage(message: Outbound): readonly string[] {
  return fitTo(message, ZALO_BOT_CAPS).map(({ text }) => text);
}
