/** What Zalo OA posts when somebody does something: all invented, from the documented fields. */

export interface EventFacts {
  readonly appId: string;
  readonly oaId: string;
  readonly userId: string;
  readonly msgId: string;
  /** As it stands in the body: Zalo sends a string, some times a number. */
  readonly timestamp: string | number;
  readonly text?: string;
  readonly conversationId?: string;
  /** A withdrawal without the id that we know: its shape is documented nowhere. */
  readonly isNameless?: boolean;
}

const ATTACHMENTS: Readonly<Record<string, object>> = {
  image: {
    type: "image",
    payload: { thumbnail: "https://example.org/t.jpg", url: "https://example.org/a.jpg" },
  },
  gif: { type: "gif", payload: { thumbnail: "https://example.org/t.jpg", url: "https://example.org/a.gif" } },
  link: { type: "link", payload: { title: "Bài", url: "https://example.org" } },
  audio: { type: "audio", payload: { url: "https://example.org/a.amr" } },
  video: {
    type: "video",
    payload: { thumbnail: "https://example.org/t.jpg", url: "https://example.org/a.mp4" },
  },
  sticker: { type: "sticker", payload: { id: "46316", url: "https://example.org/s" } },
  location: { type: "location", payload: { coordinates: { latitude: "21.03", longitude: "105.85" } } },
  business_card: {
    type: "link",
    payload: { title: "Chị Thử", url: "https://example.org", description: "0900000000" },
  },
  file: {
    type: "file",
    payload: { url: "https://example.org/d", size: "9", name: "don.pdf", type: "pdf", checksum: "x" },
  },
};

/** The event's JSON by its Zalo name ("user_send_text", "follow", "user_withdraw" …). */
export function eventOf(name: string, facts: EventFacts): Record<string, unknown> {
  const head = { app_id: facts.appId, event_name: name, timestamp: facts.timestamp };
  if (name === "follow" || name === "unfollow") {
    return {
      ...head,
      oa_id: facts.oaId,
      follower: { id: facts.userId },
      source: "oa_profile",
      user_id_by_app: "552",
    };
  }
  if (name === "user_withdraw") {
    const who = facts.isNameless ? {} : { user_id: facts.userId };
    return { ...head, oa_id: facts.oaId, ...who, user_id_by_app: "552" };
  }
  const kind = /_send_(?:anonymous_)?(\w+)$/.exec(name)?.[1] ?? "";
  const attachment = ATTACHMENTS[kind];
  const isOurs = name.startsWith("oa_");
  const them = { id: facts.userId };
  const us = { id: facts.oaId };
  return {
    ...head,
    user_id_by_app: "552",
    sender: isOurs ? us : them,
    recipient: isOurs ? them : us,
    message: {
      msg_id: facts.msgId,
      ...(facts.text === undefined ? {} : { text: facts.text }),
      ...(attachment ? { attachments: [attachment] } : {}),
      ...(facts.conversationId === undefined ? {} : { conversation_id: facts.conversationId }),
    },
  };
}
