/** What a person can put into a message besides text, as Telegram's JSON. All invented. */

import type { Json } from "./world.ts";

const file = { file_id: "AgAD-made-up", file_unique_id: "AQAD-made-up" };

export const MEDIA: Readonly<Record<string, Json>> = {
  photo: { photo: [{ ...file, width: 90, height: 90, file_size: 1200 }] },
  live_photo: { live_photo: { ...file, width: 90, height: 90, duration: 2 } },
  voice: { voice: { ...file, duration: 4, mime_type: "audio/ogg" } },
  audio: { audio: { ...file, duration: 40, title: "Ru con" } },
  video: { video: { ...file, width: 320, height: 240, duration: 9 } },
  video_note: { video_note: { ...file, length: 240, duration: 9 } },
  animation: { animation: { ...file, width: 90, height: 90, duration: 1 }, document: file },
  document: { document: { ...file, file_name: "don.pdf", mime_type: "application/pdf" } },
  sticker: {
    sticker: {
      ...file,
      type: "regular",
      width: 512,
      height: 512,
      is_animated: false,
      is_video: false,
      emoji: "😢",
    },
  },
  location: { location: { latitude: 21.03, longitude: 105.85 } },
  venue: {
    venue: { location: { latitude: 21.03, longitude: 105.85 }, title: "Quán", address: "Ngõ 1" },
    location: { latitude: 21.03, longitude: 105.85 },
  },
  contact: { contact: { phone_number: "+84900000000", first_name: "Chị Thử" } },
  dice: { dice: { emoji: "🎲", value: 3 } },
  poll: { poll: { id: "1", question: "Có không", options: [], total_voter_count: 0, is_closed: false } },
  rich: {
    rich_message: {
      blocks: [{ type: "paragraph", text: ["nó cầm da", { type: "bold", text: "o" }, " ngoài cửa"] }],
    },
  },
  pinned: { pinned_message: { message_id: 1, date: 1, chat: { id: 1, type: "private" }, text: "x" } },
  timer: { message_auto_delete_timer_changed: { message_auto_delete_time: 86400 } },
};
