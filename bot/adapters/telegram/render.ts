/** Outbound → Bot API calls as data. Pure: what is sent can be read, compared and previewed without a network. */

import { type FittedButton, fitTo } from "../../core/fit.ts";
import type { ChannelCaps, Outbound } from "../../core/message.ts";

const HOUR_MS = 3_600_000;

/** core.telegram.org/bots/api, version 10.3 (channels.md §3.3, §3.4, §5). */
export const TELEGRAM_CAPS: ChannelCaps = {
  name: "telegram",
  maxText: 4096,
  maxButtons: 100,
  maxButtonLabel: 64,
  maxButtonValue: 64,
  numbersChoices: false,
  canDelete: true,
  deleteWindowMs: 48 * HOUR_MS,
  typing: true,
  // About one a second in a chat, in which short bursts pass, and thirty over all.
  rates: { chat: { burst: 3, perSecond: 1 }, all: { burst: 30, perSecond: 30 } },
  callButtons: true,
  session: false,
};

export type Button = { readonly text: string; readonly style?: "danger" } & (
  | { readonly callback_data: string }
  | { readonly copy_text: { readonly text: string } }
  | { readonly url: string }
);

/** The body of one sendMessage. No parse_mode: nothing that anybody wrote can be read as markup. */
export interface SendMessage {
  readonly chat_id: number;
  readonly text: string;
  readonly protect_content?: true;
  /** A preview would fetch the page and show its picture on a locked phone. */
  readonly link_preview_options: { readonly is_disabled: true };
  readonly reply_markup?: { readonly inline_keyboard: readonly (readonly Button[])[] };
}

/** One or more messages; the buttons hang on the last. Needs a numeric address. */
export function renderMessage(
  address: string,
  message: Outbound,
  caps = TELEGRAM_CAPS,
): readonly SendMessage[] {
  return fitTo(message, caps).map(({ text, buttons }) => ({
    chat_id: Number(address),
    text,
    ...(message.sensitive ? { protect_content: true as const } : {}),
    link_preview_options: { is_disabled: true as const },
    // One row per button: long Vietnamese labels stay readable on a small phone.
    ...(buttons.length > 0
      ? { reply_markup: { inline_keyboard: buttons.map((button) => [wired(button)]) } }
      : {}),
  }));
}

/** The same message with every choice as a numbered line of text: for when Telegram refuses the keyboard. */
export function renderWithoutButtons(address: string, message: Outbound): readonly SendMessage[] {
  return renderMessage(address, message, { ...TELEGRAM_CAPS, maxButtons: 0 });
}

function wired({ label: text, choice }: FittedButton): Button {
  const style = choice.style === "danger" ? { style: "danger" as const } : {};
  switch (choice.kind) {
    case "answer":
      return { text, ...style, callback_data: choice.value };
    case "call":
      return { text, ...style, copy_text: { text: choice.value } };
    case "link":
      return { text, ...style, url: choice.value };
  }
}
