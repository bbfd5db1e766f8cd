/** Outbound → Bot API calls as data. Pure: what is sent can be read, compared and previewed without a network. */

import type { ChannelCaps, Choice, Outbound } from "../../core/message.ts";
import { shorten, splitText } from "../../core/split.ts";

const HOUR_MS = 3_600_000;

/** core.telegram.org/bots/api, version 10.3 (channels.md §3.3, §3.4, §5). */
export const TELEGRAM_CAPS: ChannelCaps = {
  name: "telegram",
  maxText: 4096,
  maxButtons: 100,
  maxButtonLabel: 64,
  canDelete: true,
  deleteWindowMs: 48 * HOUR_MS,
  canEdit: true,
  typing: true,
  callButtons: true,
  session: false,
};

const MAX_CALLBACK_BYTES = 64;
const MAX_COPY_UNITS = 256;

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
export function renderMessage(address: string, message: Outbound): readonly SendMessage[] {
  const fitted = message.choices
    .slice(0, TELEGRAM_CAPS.maxButtons)
    .map((choice) => ({ choice, button: buttonOf(choice) }));
  const buttons = fitted.flatMap(({ button }) => (button ? [button] : []));
  const unfit = [
    ...fitted.filter(({ button }) => !button).map(({ choice }) => choice),
    ...message.choices.slice(TELEGRAM_CAPS.maxButtons),
  ];
  return bodies(address, message, [message.text, ...unfit.map(line)].join("\n"), buttons);
}

/** The same message with every choice as a line of text: for when Telegram refuses the keyboard. */
export function renderWithoutButtons(address: string, message: Outbound): readonly SendMessage[] {
  return bodies(address, message, [message.text, ...message.choices.map(line)].join("\n"), []);
}

function bodies(
  address: string,
  message: Outbound,
  text: string,
  buttons: readonly Button[],
): readonly SendMessage[] {
  const pieces = splitText(text, TELEGRAM_CAPS.maxText);
  // Telegram refuses an empty text; with only buttons to show there must still be something to hang them on.
  const texts = pieces.length > 0 ? pieces : ["…"];
  return texts.map((piece, n) => ({
    chat_id: Number(address),
    text: piece,
    ...(message.sensitive ? { protect_content: true as const } : {}),
    link_preview_options: { is_disabled: true as const },
    ...(buttons.length > 0 && n === texts.length - 1
      ? { reply_markup: { inline_keyboard: buttons.map((button) => [button]) } }
      : {}),
  }));
}

/** One row per button: long Vietnamese labels stay readable on a small phone. undefined: it cannot be a button. */
function buttonOf(choice: Choice): Button | undefined {
  const style = choice.style === "danger" ? { style: "danger" as const } : {};
  switch (choice.kind) {
    case "answer": {
      const bytes = new TextEncoder().encode(choice.value).length;
      if (bytes < 1 || bytes > MAX_CALLBACK_BYTES) return undefined;
      return { text: label(choice.label), ...style, callback_data: choice.value };
    }
    case "call":
      if (choice.value === "" || choice.value.length > MAX_COPY_UNITS) return undefined;
      return { text: label(line(choice)), ...style, copy_text: { text: choice.value } };
    case "link":
      if (!URL.canParse(choice.value) || !/^https?:/.test(choice.value)) return undefined;
      return { text: label(choice.label), ...style, url: choice.value };
  }
}

/** What a choice says without a button. A number or address is always to be read, never only behind a label. */
function line(choice: Choice): string {
  if (choice.kind === "answer" || choice.label.includes(choice.value)) return choice.label;
  return `${choice.label}: ${choice.value}`;
}

function label(text: string): string {
  return shorten(text, TELEGRAM_CAPS.maxButtonLabel) || "…";
}
