/** The page's real texts, so that a test sees what a person sees. */

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Bilingual } from "../../bot/core/message.ts";
import { PAGE_TEXT_KEYS, type PageTextKey } from "../../bot/web/page-texts.ts";

const all: Record<string, Bilingual> = parse(
  readFileSync(new URL("../../flows/texts.yaml", import.meta.url), "utf8"),
);

export const FAKE_TEXTS = Object.fromEntries(PAGE_TEXT_KEYS.map((key) => [key, all[key]])) as Readonly<
  Record<PageTextKey, Bilingual>
>;
