/** A Telegram supergroup with topics as the counsellors' forum: what is written there, and our own hand in it. */

import { type Api, GrammyError } from "grammy";
import { z } from "zod";
import type { Inbound } from "../../core/message.ts";
import { type Bucket, fullBucket, take } from "../../core/rate.ts";
import { splitText } from "../../core/split.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Forum } from "../../ports/forum.ts";
import type { Log } from "../../ports/log.ts";
import { isNotice } from "./parse.ts";
import { refusalOf } from "./refusal.ts";
import { TELEGRAM_CAPS } from "./render.ts";

/** Telegram takes 20 messages a minute in a group. */
const GROUP_RATE = { burst: 10, perSecond: 1 / 3 };
/** Telegram's words for a topic that is no more, and for one that is called so already. */
const GONE = /thread not found|TOPIC_(DELETED|ID_INVALID)/i;
const SAME = /TOPIC_NOT_MODIFIED/i;
const MEMBERS = new Set(["creator", "administrator", "member"]);

const groupSchema = z.object({ chat: z.object({ id: z.number().int() }) });
const updateSchema = z.looseObject({ update_id: z.number().int() });
const postSchema = z.looseObject({
  message_thread_id: z.number().int(),
  // Somebody who writes in the group's name, or through another bot, is nobody whom we know.
  sender_chat: z.undefined().optional(),
  from: z.object({ id: z.number().int(), is_bot: z.literal(false) }),
  text: z.string().min(1).optional().catch(undefined),
});

/** An update of the forum's group; null: it is of another chat. `[]`: of the group, and nothing to do. */
export function readForumUpdate(json: unknown, group: number, now: number): readonly Inbound[] | null {
  const update = updateSchema.safeParse(json);
  if (!update.success) return null;
  const { update_id: id, ...kinds } = update.data;
  const chats = Object.values(kinds).map((kind) => groupSchema.safeParse(kind).data?.chat.id);
  if (!chats.includes(group)) return null;
  const post = postSchema.safeParse(kinds.message ?? kinds.edited_message).data;
  if (!post || isNotice(post)) return [];
  return [
    {
      channel: "telegram",
      address: String(group),
      key: String(id),
      at: now,
      content: {
        kind: "staff_post",
        topic: post.message_thread_id,
        account: String(post.from.id),
        // What was sent before cannot be changed on her phone, and nothing but words goes there.
        text: kinds.message === undefined ? null : (post.text ?? null),
      },
    },
  ];
}

interface World {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
}

export function telegramForum({ api, clock, log }: World, group: number): Forum {
  let bucket: Bucket | undefined;
  let notBefore = 0;

  /** undefined: Telegram refused, or asked for a pause; an operator is told. */
  async function call<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { code, kind, afterMs = 0 } = refusalOf(error);
      notBefore = Math.max(notBefore, clock.now() + afterMs);
      // Not to be mended by waiting: the group has another id, or the bot lost its rights there.
      const isBroken = what !== "member" && (kind === "gone" || kind === "bug");
      log(isBroken ? "error" : "warn", "telegram.forum_refused", { channel: "telegram", what, cause: code });
      return undefined;
    }
  }

  /** The same at the pace of a group, for whatever leaves a message there. */
  async function paced<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    const now = clock.now();
    if (now < notBefore) return undefined;
    const turn = take(bucket ?? fullBucket(GROUP_RATE, now), GROUP_RATE, 1, now);
    bucket = turn.bucket;
    if (turn.waitMs > 0) await new Promise<void>((resolve) => void clock.after(turn.waitMs, resolve));
    return call(what, work);
  }

  /** Not a failure: deleted by somebody's hand, or done before. */
  const orGone = <T>(work: Promise<T>): Promise<T | "gone" | "same"> =>
    work.catch((error: unknown) => {
      if (!(error instanceof GrammyError)) throw error;
      if (GONE.test(error.description)) return "gone";
      if (SAME.test(error.description)) return "same";
      throw error;
    });

  return {
    async open(name) {
      const topic = await paced("open", () => api.createForumTopic(group, name));
      return topic?.message_thread_id ?? null;
    },
    async rename(topic, name) {
      return (await paced("rename", () => orGone(api.editForumTopic(group, topic, { name })))) !== undefined;
    },
    async write(topic, text) {
      for (const piece of splitText(text, TELEGRAM_CAPS.maxText)) {
        const sent = await paced("write", () =>
          orGone(
            api.sendMessage(group, piece, {
              message_thread_id: topic,
              protect_content: true,
              link_preview_options: { is_disabled: true },
            }),
          ),
        );
        if (sent === "gone" || sent === undefined) return sent ?? "failed";
      }
      return "written";
    },
    remove: async (topic) =>
      (await paced("remove", () => orGone(api.deleteForumTopic(group, topic)))) !== undefined,
    async isMember(account) {
      const member = await call("member", () => api.getChatMember(group, Number(account)));
      return member !== undefined && MEMBERS.has(member.status);
    },
  };
}
