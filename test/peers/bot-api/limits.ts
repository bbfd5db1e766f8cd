/** Lengths and ranges of the methods that we call: Telegram writes them in prose only, so no schema has them. */

import { badRequest, Refusal } from "./refusal.ts";
import type { Json } from "./world.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const units = (value: unknown) => (typeof value === "string" ? value.length : 0);

/** Throws the refusal that Telegram would give. Each of these is a bug of the caller. */
export function checkLimits(method: string, params: Json): void {
  LIMITS[method]?.(params);
}

const LIMITS: Readonly<Record<string, (params: Json) => void>> = {
  sendMessage(params) {
    checkText(params.text);
    checkKeyboard(params.reply_markup);
  },
  editMessageText(params) {
    checkText(params.text);
    checkKeyboard(params.reply_markup);
  },
  editMessageReplyMarkup(params) {
    checkKeyboard(params.reply_markup);
  },
  deleteMessages(params) {
    const ids = Array.isArray(params.message_ids) ? params.message_ids : [];
    if (ids.length < 1) throw badRequest("message identifiers are not specified");
    if (ids.length > 100) throw badRequest("too many messages to delete");
  },
  answerCallbackQuery(params) {
    if (units(params.text) > 200) throw badRequest("MESSAGE_TOO_LONG");
  },
  getUpdates(params) {
    within("limit", params.limit, 1, 100);
    within("timeout", params.timeout, 0, 50);
  },
  setWebhook(params) {
    within("max_connections", params.max_connections, 1, 100);
    const secret = params.secret_token;
    if (secret !== undefined && !/^[\w-]{1,256}$/.test(String(secret))) {
      throw badRequest("secret token contains unallowed characters");
    }
    const url = String(params.url);
    // Real Telegram wants https and a public host; plain http is let through on loopback only.
    if (
      url !== "" &&
      !/^https:\/\//.test(url) &&
      !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url)
    ) {
      throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    }
  },
  setMyName: (params) => atMost("name", params.name, 64),
  setMyDescription: (params) => atMost("description", params.description, 512),
  setMyShortDescription: (params) => atMost("short_description", params.short_description, 120),
  setMyCommands(params) {
    const commands = Array.isArray(params.commands) ? params.commands : [];
    if (commands.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
      if (units(description) < 1 || units(description) > 256)
        throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
  },
};

function checkText(text: unknown): void {
  const trimmed = String(text).trim();
  if (trimmed === "") throw badRequest("message text is empty");
  // Telegram counts after entities; without parse_mode that is the text itself. Code points, as its server does.
  if ([...trimmed].length > 4096) throw badRequest("message is too long");
}

function checkKeyboard(markup: unknown): void {
  const rows = isRecord(markup) && Array.isArray(markup.inline_keyboard) ? markup.inline_keyboard : [];
  const buttons: unknown[] = rows.flat();
  if (buttons.length > 100) throw badRequest("reply markup is too long");
  for (const button of buttons) if (isRecord(button)) checkButton(button);
}

function checkButton(button: Json): void {
  if (String(button.text ?? "").trim() === "")
    throw badRequest("inline keyboard button text must be non-empty");
  const kinds = Object.keys(button).filter((k) => !["text", "style", "icon_custom_emoji_id"].includes(k));
  if (kinds.length !== 1) {
    throw badRequest("can't parse inline keyboard button: exactly one kind of button is allowed");
  }
  const { callback_data: data, copy_text: copy, url } = button;
  if (data !== undefined && (bytes(String(data)) < 1 || bytes(String(data)) > 64)) {
    throw badRequest("BUTTON_DATA_INVALID");
  }
  if (isRecord(copy) && (units(copy.text) < 1 || units(copy.text) > 256))
    throw badRequest("BUTTON_COPY_TEXT_INVALID");
  if (url !== undefined && !/^(https?|tg):\/\/\S+$/.test(String(url))) throw badRequest("BUTTON_URL_INVALID");
}

function within(name: string, value: unknown, from: number, to: number): void {
  if (value !== undefined && (Number(value) < from || Number(value) > to)) {
    throw new Refusal(400, `Bad Request: ${name} must be between ${from} and ${to}`);
  }
}

function atMost(name: string, value: unknown, max: number): void {
  if (units(value) > max) throw new Refusal(400, `Bad Request: ${name} is too long`);
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
