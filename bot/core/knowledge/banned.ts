/** Words that must never stand in a text of ours, with the reason and the exceptions (`knowledge/check/banned.yaml`). */

import { z } from "zod";
import type { Lang } from "../message.ts";
import { bilingualSchema } from "../schema.ts";

export const bannedPhraseSchema = z.strictObject({
  /** As written, with marks: "nhịn" must not catch "nhìn". Capitals do not matter. */
  text: z.string().min(1),
  lang: z.enum(["vi", "en", "any"]),
  /** Shown to the editor. */
  why: bilingualSchema,
  severity: z.enum(["error", "warning"]).default("error"),
  /** Longer phrases in which it is harmless ("không phải nhịn"). */
  allow: z.array(z.string().min(1)).default([]),
});
export type BannedPhrase = z.infer<typeof bannedPhraseSchema>;

export const bannedFileSchema = z.strictObject({ phrases: z.array(bannedPhraseSchema).min(1) });

/**
 * The banned phrases that stand in this text outside their exceptions, each once. Inside quotation marks a phrase is
 * somebody else's ("do not say: …"), so an error becomes a warning: a person must still look at it.
 */
export function bannedFaults(text: string, lang: Lang, phrases: readonly BannedPhrase[]): BannedPhrase[] {
  const plain = lower(text);
  return phrases.flatMap((phrase) => {
    if (phrase.lang !== "any" && phrase.lang !== lang) return [];
    const left = phrase.allow.reduce((rest, allowed) => rest.replaceAll(lower(allowed), " "), plain);
    if (!hasPhrase(left, lower(phrase.text))) return [];
    const isOurs = hasPhrase(left.replace(QUOTED, " "), lower(phrase.text));
    return [isOurs ? phrase : { ...phrase, severity: "warning" }];
  });
}

/** What an editor reads, in both languages. */
export function whyBanned({ text, why }: BannedPhrase): { readonly message: string; readonly vi: string } {
  return { message: `"${text}": ${why.en}`, vi: `không dùng “${text}”: ${why.vi}` };
}

const QUOTED = /"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’/gu;

function lower(text: string): string {
  return text.normalize("NFC").toLocaleLowerCase("vi");
}

/** Found as whole words: a letter on neither side. */
function hasPhrase(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = text.slice(0, at).at(-1) ?? " ";
    const after = text.at(at + phrase.length) ?? " ";
    const startsWord = isLetter(phrase.at(0) ?? "");
    const endsWord = isLetter(phrase.at(-1) ?? "");
    if ((!startsWord || !isLetter(before)) && (!endsWord || !isLetter(after))) return true;
  }
  return false;
}

function isLetter(char: string): boolean {
  return /\p{L}/u.test(char);
}
