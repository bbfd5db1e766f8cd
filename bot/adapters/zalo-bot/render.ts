/** Outbound → texts for Zalo Bot, which has neither buttons nor markup that we use: choices become numbered lines. */

import type { ChannelCaps, Outbound } from "../../core/message.ts";
import { choiceLines, splitText } from "../../core/split.ts";

/** channels.md §1.3, §5. The monthly quota is the bot's, not one person's, so it is no budget of a conversation. */
export const ZALO_BOT_CAPS: ChannelCaps = {
  name: "zalo-bot",
  maxText: 2000,
  maxButtons: 0,
  maxButtonLabel: 100,
  canDelete: false,
  canEdit: false,
  typing: true,
  callButtons: false,
  session: false,
};

/** The texts to send, in order; at least one. No parse_mode: nothing that anybody wrote can be read as markup. */
export function renderMessage(message: Outbound): readonly string[] {
  const lines = choiceLines(message.choices);
  const whole = lines.length === 0 ? message.text : `${message.text.trimEnd()}\n\n${lines.join("\n")}`;
  const pieces = splitText(whole, ZALO_BOT_CAPS.maxText);
  return pieces.length > 0 ? pieces : ["…"];
}
