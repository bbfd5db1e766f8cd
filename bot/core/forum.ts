/** The counsellors' forum: what stands in a case's topic, and what a line written there means. Pure. */

import { atLeast, type Level } from "./level.ts";
import type { Bilingual, Lang } from "./message.ts";

/** What may be known of a case in the forum without any of her words. */
export interface TopicCase {
  readonly code: string;
  readonly state: "waiting" | "claimed";
  readonly level: Level;
  readonly asked: boolean;
  readonly channel: string;
  readonly lang: string;
  readonly holder: string | null;
  readonly personLeft: boolean;
  /** How many signs were heard; what they are stands in the console only. Absent: told of by an older build. */
  readonly signs?: number;
  /** A reply that may not reach her yet: why, and until when (epoch ms; null: until she writes). */
  readonly held: { readonly why: "locked" | "hours" | "window"; readonly until: number | null } | null;
}

export type ForumPost =
  | { readonly verb: "claim" | "release" | "help" }
  | { readonly verb: "close"; readonly outcome: string; readonly note: string }
  | { readonly verb: "note" | "say"; readonly text: string };

/** What staff read there, in the language of the settings. */
const WORDS = {
  emergency: { vi: "KHẨN CẤP", en: "EMERGENCY" },
  high: { vi: "cao", en: "high" },
  medium: { vi: "vừa", en: "medium" },
  low: { vi: "thấp", en: "low" },
  none: { vi: "chưa rõ", en: "not known yet" },
  level: { vi: "Mức", en: "Level" },
  asked: { vi: "Người viết xin gặp người thật.", en: "The person asked for a human." },
  not_asked: { vi: "Người viết chưa xin gặp người thật.", en: "The person has not asked for a human." },
  waits: { vi: "Ca đang chờ người nhận.", en: "The case waits for somebody to take it." },
  taken_by: { vi: "Người nhận ca:", en: "Taken by:" },
  left: { vi: "Người viết đã rời đi.", en: "The person left." },
  returned: { vi: "Người viết đã quay lại.", en: "The person came back." },
  shown: {
    vi: "Lời của người viết hiện ở đây. Telegram và mọi thành viên nhóm đọc được; chủ đề bị xóa khi kết thúc ca.",
    en: "The person's words are shown here. Telegram and every member of the group can read them; the topic is deleted when the case is closed.",
  },
  not_shown: {
    vi: "Lời của người viết không hiện ở đây; đọc trong bảng tư vấn. Lời bạn viết thì Telegram đọc được.",
    en: "The person's words are not shown here; read them in the console. What you write Telegram can read.",
  },
  commands: {
    vi: "/nhan nhận ca · viết thường: gửi tới người ấy · /ghi CHỮ: ghi chú riêng · /tra trả lại hàng chờ\n/dong KẾT QUẢ kết thúc và xóa chủ đề:",
    en: "/take the case · plain words go to the person · /note WORDS for staff only · /back into the queue\n/close OUTCOME ends the case and deletes the topic:",
  },
  unknown_command: {
    vi: "Không có lệnh này, và không có gì được gửi đi.",
    en: "There is no such command, and nothing was sent.",
  },
  new_words: { vi: "Tin mới, đọc trong bảng tư vấn:", en: "New messages, read them in the console:" },
  not_arrived: {
    vi: "Một tin của tư vấn viên không tới được.",
    en: "A counsellor's message did not arrive.",
  },
  perhaps_not_arrived: {
    vi: "Có thể một tin của tư vấn viên chưa tới được.",
    en: "A counsellor's message may not have arrived.",
  },
  new_danger: {
    vi: "Vừa nghe thấy dấu hiệu nguy hiểm mới. Hãy đọc ngay trong bảng tư vấn.",
    en: "New signs of danger were just heard. Read them in the console now.",
  },
  only_words: {
    vi: "Chưa gửi gì: chỉ tin chữ mới viết ở đây mới tới người ấy; hình, tiếng và tin sửa lại thì không.",
    en: "Nothing was sent: only new lines of text go from here to the person; pictures, recordings and edits do not.",
  },
  stranger: {
    vi: "Chưa gửi hay làm gì: tài khoản Telegram này chưa được nối với bảng tư vấn. Hãy báo người quản trị.",
    en: "Nothing was sent or done: this Telegram account is not linked to the console. Tell an administrator.",
  },
  noted: { vi: "Đã ghi chú.", en: "Noted." },
  not_yours: {
    vi: "Chưa gửi hay làm gì: ca này không phải của bạn. Viết /nhan để nhận ca trước.",
    en: "Nothing was sent or done: this case is not yours. Write /take first.",
  },
  already_claimed: { vi: "Người khác đã nhận ca này.", en: "Somebody else has taken this case." },
  closed: {
    vi: "Ca đã kết thúc hoặc người viết đã rời đi.",
    en: "The case is closed, or the person has left.",
  },
  forbidden: {
    vi: "Tài khoản của bạn không có quyền làm việc này.",
    en: "Your account may not do this.",
  },
  failed: { vi: "Chưa làm được:", en: "Not done:" },
  held: { vi: "Lời vừa viết đang chờ:", en: "What you wrote waits:" },
  locked: { vi: "chưa chắc đúng là người ấy", en: "it is not known to be the same person" },
  hours: { vi: "ngoài giờ nhắn được của người ấy", en: "outside the person's safe hours" },
  window: { vi: "ngoài khung trả lời của ứng dụng", en: "outside the app's reply window" },
  until: { vi: "Sẽ tới lúc", en: "It goes at" },
  until_she_writes: { vi: "Sẽ tới khi người ấy nhắn lại.", en: "It goes when the person writes again." },
} as const satisfies Readonly<Record<string, Bilingual>>;

export type ForumWord = keyof typeof WORDS;

export function forumWord(key: ForumWord, lang: Lang): string {
  return WORDS[key][lang];
}

/** Only the code that is said aloud, the level and who has it: a topic's name is the first thing anybody sees. */
export function topicName({ code, level, holder }: TopicCase, lang: Lang): string {
  return `${code} · ${WORDS[level][lang]}${holder === null ? "" : ` · ${holder}`}`.slice(0, 128);
}

/** The first lines of a topic: what is known, and what can be written here. */
export function openingText(
  c: TopicCase,
  { showsWords, outcomes, lang }: { showsWords: boolean; outcomes: readonly string[]; lang: Lang },
): string {
  return [
    `${c.code} · ${WORDS.level[lang]}: ${WORDS[c.level][lang]} · ${c.channel} · ${c.lang}`,
    WORDS[c.asked ? "asked" : "not_asked"][lang],
    ...(c.holder === null ? [] : [`${WORDS.taken_by[lang]} ${c.holder}`]),
    WORDS[showsWords ? "shown" : "not_shown"][lang],
    `${WORDS.commands[lang]} ${outcomes.join(", ")}`,
  ].join("\n\n");
}

/** What is new since the topic was last written to, in words; empty: nothing. */
export function changes(before: TopicCase, now: TopicCase, lang: Lang): readonly string[] {
  const lines: string[] = [];
  if (before.level !== now.level) lines.push(`${WORDS.level[lang]}: ${WORDS[now.level][lang]}`);
  else if (atLeast(now.level, "high") && (now.signs ?? 0) > (before.signs ?? now.signs ?? 0))
    lines.push(WORDS.new_danger[lang]);
  if (before.holder !== now.holder)
    lines.push(now.holder === null ? WORDS.waits[lang] : `${WORDS.taken_by[lang]} ${now.holder}`);
  if (before.asked !== now.asked && now.asked) lines.push(WORDS.asked[lang]);
  if (before.personLeft !== now.personLeft) lines.push(WORDS[now.personLeft ? "left" : "returned"][lang]);
  if (now.held && JSON.stringify(before.held) !== JSON.stringify(now.held))
    lines.push(heldText(now.held, lang));
  return lines;
}

function heldText({ why, until }: NonNullable<TopicCase["held"]>, lang: Lang): string {
  const when = until === null ? WORDS.until_she_writes[lang] : `${WORDS.until[lang]} ${clock(until)}.`;
  return `${WORDS.held[lang]} ${WORDS[why][lang]}. ${when}`;
}

function clock(at: number): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(11, 16);
}

/** A line written in a topic. Anything that begins with a slash and is no command of ours is not sent to her. */
export function readPost(text: string): ForumPost {
  const [, command = "", rest = ""] = /^\/([a-z]+)(?:@\w+)?\s*([\s\S]*)$/i.exec(text.trim()) ?? [];
  if (command === "") return text.trim().startsWith("/") ? { verb: "help" } : { verb: "say", text };
  switch (command.toLowerCase()) {
    case "nhan":
    case "take":
      return { verb: "claim" };
    case "tra":
    case "back":
      return { verb: "release" };
    case "ghi":
    case "note":
      return rest === "" ? { verb: "help" } : { verb: "note", text: rest };
    case "dong":
    case "close": {
      const [outcome = "", ...note] = rest.split(/\s+/);
      return { verb: "close", outcome, note: note.join(" ") };
    }
    default:
      return { verb: "help" };
  }
}
