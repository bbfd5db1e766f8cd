/** What Zalo Bot posts when somebody does something: all invented, from the documented fields. */

export type ZaloEvent =
  | "text"
  | "image"
  | "image_by_other_name"
  | "sticker"
  | "voice"
  | "link"
  | "reaction"
  | "unsupported"
  | "unsupported_without_message";

interface Facts {
  readonly id: string;
  readonly at: number;
  readonly text?: string;
  readonly caption?: string;
  readonly isBot?: boolean;
}

export function sample(event: ZaloEvent, who: { id: string; isGroup: boolean }, facts: Facts): unknown {
  const { text, caption } = facts;
  const withCaption = caption === undefined ? {} : { caption };
  const message = (fields: object) => ({
    message_id: facts.id,
    date: facts.at,
    from: {
      id: who.isGroup ? "6ede9afa66b800000000" : who.id,
      display_name: "Mai Thử",
      is_bot: facts.isBot ?? false,
    },
    chat: { id: who.id, chat_type: who.isGroup ? "GROUP" : "PRIVATE" },
    ...fields,
  });
  switch (event) {
    case "text":
      return { event_name: "message.text.received", message: message({ text }) };
    case "image":
      return {
        event_name: "message.image.received",
        message: message({
          message_type: "CHAT_PHOTO",
          photo_url: "https://example.org/a.jpg",
          ...withCaption,
        }),
      };
    case "image_by_other_name":
      return {
        event_name: "message.image.received",
        message: message({ photo: "https://example.org/a.jpg", ...withCaption }),
      };
    case "sticker":
      return {
        event_name: "message.sticker.received",
        message: message({ sticker: "46316", url: "https://example.org/s" }),
      };
    case "voice":
      return {
        event_name: "message.voice.received",
        message: message({ voice_url: "https://example.org/v.aac" }),
      };
    case "link":
      return { event_name: "message.link.received", message: message({ text, url: "https://example.org" }) };
    case "reaction":
      return { event_name: "message.reaction.received", message: message({}) };
    case "unsupported":
      return { event_name: "message.unsupported.received", message: message({}) };
    case "unsupported_without_message":
      return { event_name: "message.unsupported.received" };
  }
}
