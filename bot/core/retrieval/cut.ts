/** Cuts Vietnamese text into syllables, and gives each its two keys: as written, and with every mark folded. */

import { fold, nfc, unmask } from "../text.ts";

/** 1: part of a syllable; 2: a plain space or hyphen, across which two syllables are still neighbours; 0: anything else. */
const KIND = charKinds();

function charKinds(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  const part = /[\p{L}\p{N}\p{M}]/u;
  for (let code = 0; code < kinds.length; code++) if (part.test(String.fromCharCode(code))) kinds[code] = 1;
  for (const soft of " \t\u00a0\u200b-‐–_/'’") kinds[soft.charCodeAt(0)] = 2;
  return kinds;
}

/** What every key of a collection's text is made from. */
export function plain(text: string): string {
  return nfc(text).toLowerCase();
}

/** The same for what a person typed: look-alike letters of other scripts and what cannot be seen are undone first. */
export function plainQuestion(text: string): string {
  return unmask(text).toLowerCase();
}

/**
 * Calls `syllable` for each run of letters and digits of a text that `plain` has prepared, and `stop` where two
 * syllables are parted by more than a space: no Vietnamese word reaches over a comma. Linear in the text.
 */
export function scan(text: string, syllable: (raw: string, start: number) => void, stop: () => void): void {
  let start = -1;
  let parted = false;
  for (let i = 0; i <= text.length; i++) {
    const kind = i < text.length ? KIND[text.charCodeAt(i)] : 0;
    if (kind === 1) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0) {
      if (parted) stop();
      parted = false;
      syllable(text.slice(start, i), start);
      start = -1;
    }
    if (kind === 0) parted = true;
  }
}

const TONES: Readonly<Record<string, string>> = {
  "\u0300": "2",
  "\u0301": "1",
  "\u0309": "3",
  "\u0303": "4",
  "\u0323": "5",
};
const NOT_ASCII = /[^\0-\x7f]/;
const LONE_Y = /^(b|c|d|g|h|k|l|m|n|p|q|r|s|t|v|x|ch|gh|kh|ng|nh|ph|th|tr|qu)y$/;

/** Without any mark, đ as d, and one spelling for i and y where both are usual (lý, lí). */
export function foldKey(raw: string): string {
  const bare = fold(raw);
  return LONE_Y.test(bare) ? `${bare.slice(0, -1)}i` : bare;
}

/** As written, with the tone moved to the end, so that hoà and hòa, or a tone on the wrong vowel, are one. */
export function markKey(raw: string): string {
  if (!NOT_ASCII.test(raw)) return LONE_Y.test(raw) ? `${raw.slice(0, -1)}i` : raw;
  let tone = "";
  let rest = "";
  for (const char of raw.normalize("NFD")) {
    const mark = TONES[char];
    if (mark) tone = mark;
    else rest += char;
  }
  const written = rest.normalize("NFC");
  return (LONE_Y.test(written) ? `${written.slice(0, -1)}i` : written) + tone;
}
