/** Outbound → Zalo OA requests as data: up to five buttons, and every choice as numbered text for older clients. */

import { type FittedButton, fitTo } from "../../core/fit.ts";
import type { ChannelCaps, Outbound } from "../../core/message.ts";
import { CHOICE_MARK } from "./parse.ts";

const HOUR_MS = 3_600_000;

/** channels.md §2.3, §2.4, §5. No number of replies is limited any more within the window (since 2026-01-01). */
export const ZALO_OA_CAPS: ChannelCaps = {
  name: "zalo-oa",
  maxText: 2000,
  maxButtons: 5,
  maxButtonLabel: 100,
  // 1000 with the mark of our own buttons.
  maxButtonValue: 1000 - CHOICE_MARK.length,
  numbersChoices: true,
  canDelete: false,
  typing: false,
  // Zalo counts 4,000 calls a minute; a further limit of the OA's package is not published (channels.md §2.4).
  rates: { chat: { burst: 3, perSecond: 1 }, all: { burst: 10, perSecond: 10 } },
  replyWindowMs: 7 * 24 * HOUR_MS,
  freeReplyWindowMs: 48 * HOUR_MS,
  callButtons: true,
  session: false,
};

export type Button =
  | { readonly title: string; readonly type: "oa.query.hide"; readonly payload: string }
  | {
      readonly title: string;
      readonly type: "oa.open.phone";
      readonly payload: { readonly phone_code: string };
    }
  | { readonly title: string; readonly type: "oa.open.url"; readonly payload: { readonly url: string } };

export interface OaRequest {
  /** Ordinary messages are v3; an anonymous visitor is still answered through v2. */
  readonly path: "/v3.0/oa/message/cs" | "/v2.0/oa/message";
  readonly body: {
    readonly recipient:
      | { readonly user_id: string }
      | { readonly anonymous_id: string; readonly conversation_id: string };
    readonly message: {
      readonly text: string;
      readonly attachment?: {
        readonly type: "template";
        readonly payload: { readonly buttons: readonly Button[] };
      };
    };
  };
}

/** The requests in order; the buttons are with the last. undefined: the address is none of ours. */
export function renderMessage(address: string, message: Outbound): readonly OaRequest[] | undefined {
  const to = recipientOf(address);
  return to && rendered(to, message, to.canPress ? ZALO_OA_CAPS : WITHOUT_BUTTONS);
}

/** The same message with every choice as a numbered line of text only: for when Zalo refuses the buttons. */
export function renderWithoutButtons(address: string, message: Outbound): readonly OaRequest[] | undefined {
  const to = recipientOf(address);
  return to && rendered(to, message, WITHOUT_BUTTONS);
}

export function hasButtons({ body }: OaRequest): boolean {
  return body.message.attachment !== undefined;
}

const WITHOUT_BUTTONS: ChannelCaps = { ...ZALO_OA_CAPS, maxButtons: 0 };

function rendered(to: Recipient, message: Outbound, caps: ChannelCaps): readonly OaRequest[] {
  return fitTo(message, caps).map(({ text, buttons }) => {
    const attachment = { type: "template", payload: { buttons: buttons.map(wired) } } as const;
    const content = buttons.length > 0 ? { text, attachment } : { text };
    return { path: to.path, body: { recipient: to.recipient, message: content } };
  });
}

interface Recipient {
  readonly path: OaRequest["path"];
  readonly recipient: OaRequest["body"]["recipient"];
  readonly canPress: boolean;
}

function recipientOf(address: string): Recipient | undefined {
  const [, anonymous, conversation] = /^anon:([\w-]+):([\w-]+)$/.exec(address) ?? [];
  if (anonymous !== undefined && conversation !== undefined) {
    const recipient = { anonymous_id: anonymous, conversation_id: conversation };
    return { path: "/v2.0/oa/message", recipient, canPress: false };
  }
  if (!/^[\w-]{1,128}$/.test(address)) return undefined;
  return { path: "/v3.0/oa/message/cs", recipient: { user_id: address }, canPress: true };
}

function wired({ label: title, choice }: FittedButton): Button {
  switch (choice.kind) {
    case "answer":
      // Hidden, so that what she pressed does not stand in the chat of a shared phone.
      return { title, type: "oa.query.hide", payload: `${CHOICE_MARK}${choice.value}` };
    case "call":
      return {
        title,
        type: "oa.open.phone",
        payload: { phone_code: choice.value.replace(/[^\d+]/g, "") },
      };
    case "link":
      return { title, type: "oa.open.url", payload: { url: choice.value } };
  }
}
