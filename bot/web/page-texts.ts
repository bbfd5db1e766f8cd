/** The keys of the survivors' page in `flows/texts.yaml`: the words are data, only their names are here. */

import type { PageFront } from "../app/services.ts";
import type { Lang } from "../core/message.ts";

export const PAGE_TEXT_KEYS = [
  "page_title",
  "page_heading",
  "page_intro",
  "page_privacy",
  "page_start",
  "page_write_label",
  "page_send",
  "page_exit",
  "page_exit_hint",
  "page_numbers",
  "page_numbers_intro",
  "page_call",
  "page_conversation",
  "page_choices",
  "page_you",
  "page_bot",
  "page_counsellor",
  "page_sending",
  "page_not_sent",
  "page_retry",
  "page_offline",
  "page_offline_quiet",
  "page_reconnecting",
  "page_too_many",
  "page_effort",
  "page_effort_wait",
  "page_too_long",
  "page_trouble",
  "page_refresh",
  "page_language",
  "page_latest",
] as const;
export type PageTextKey = (typeof PAGE_TEXT_KEYS)[number];

/** What is said by texts of an operator's own that are older than a text. */
const LATER_TEXTS: Readonly<Partial<Record<PageTextKey, PageTextKey>>> = {
  page_offline_quiet: "page_offline",
};

/** A text of the page. A missing one shows the words of its key: a poor label, but the page still helps. */
export function pageText(front: PageFront, key: PageTextKey, lang: Lang): string {
  const text = front.texts[key] ?? front.texts[LATER_TEXTS[key] ?? key];
  return text?.[lang] ?? key.replace(/^page_/, "").replaceAll("_", " ");
}

/** Keys that the published texts lack, for the log at start. */
export function missingPageTexts(front: PageFront): readonly PageTextKey[] {
  return PAGE_TEXT_KEYS.filter((key) => !front.texts[key]?.vi || !front.texts[key]?.en);
}
