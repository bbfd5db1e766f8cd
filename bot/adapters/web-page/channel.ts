/** The page as a channel: what is committed is already where the page reads it, so sending is only a matter of record. */

import type { ChannelCaps } from "../../core/message.ts";
import type { Channel } from "../../ports/channel.ts";

export const WEB_CAPS: ChannelCaps = {
  name: "web",
  maxText: 20_000,
  maxButtons: 12,
  maxButtonLabel: 200,
  maxButtonValue: 64,
  numbersChoices: false,
  canDelete: true,
  typing: false,
  callButtons: true,
  session: true,
};

export function webChannel(): Channel {
  return {
    name: "web",
    caps: WEB_CAPS,
    secrets: [],
    // The page writes through its own API, never through a webhook.
    read: () => ({ ok: false, status: 403, code: "no_webhook" }),
    send: async () => ({ ok: true }),
    wipe: async () => [],
    start: async () => {},
    stop: async () => {},
    check: async () => ({ ok: true, detail: "served by this process" }),
  };
}
