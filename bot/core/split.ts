/** Fits a text to a channel: pieces within a limit, never through a letter and its marks; choices as lines of text. */

import type { Choice } from "./message.ts";

const graphemes = new Intl.Segmenter("vi", { granularity: "grapheme" });

/** Where a long text is best cut, the best kind first: between paragraphs, lines, sentences, words. */
const SEAMS = [/\n\s*\n/g, /\n/g, /[.?!…:;]\s/g, /\s/g] as const;

/**
 * NFC pieces of at most `maxUnits` UTF-16 units, none blank, that hold every word of `text` in order.
 * Blank text gives no piece. Vietnamese in NFD is up to a quarter longer, so it is normalised before it is counted.
 */
export function splitText(text: string, maxUnits: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text.normalize("NFC").trim();
  while (rest.length > maxUnits) {
    const cut = cutAt(rest, maxUnits);
    const piece = rest.slice(0, cut).trim();
    if (piece !== "") pieces.push(piece);
    rest = rest.slice(cut).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** At most `maxUnits` units, ending in "…" when something was left out. */
export function shorten(text: string, maxUnits: number): string {
  const whole = text.normalize("NFC").trim();
  if (whole.length <= maxUnits) return whole;
  return `${whole.slice(0, graphemeCut(whole, maxUnits - 1)).trimEnd()}…`;
}

/**
 * Choices as lines, for a channel without buttons. Answers are numbered from 1 in the order in which they stand, so
 * that the number which she writes back means the same to whoever reads it; numbers to call and links are not.
 */
export function choiceLines(choices: readonly Choice[]): readonly string[] {
  let n = 0;
  return choices.map((choice) => {
    if (choice.kind === "answer") {
      n += 1;
      return `${n}. ${choice.label}`;
    }
    return choice.label.includes(choice.value) ? choice.label : `${choice.label}: ${choice.value}`;
  });
}

function cutAt(text: string, maxUnits: number): number {
  const window = text.slice(0, maxUnits + 1);
  for (const seam of SEAMS) {
    let best = 0;
    for (const found of window.matchAll(seam)) {
      // The seam's first sign (a full stop) stays with the piece before it.
      const end = found.index + (/\s/.test(found[0][0] ?? "") ? 0 : 1);
      if (end <= maxUnits) best = Math.max(best, end);
    }
    // A seam near the beginning would leave a crumb, and crumbs are messages too.
    if (best > maxUnits / 3) return best;
  }
  return graphemeCut(text, maxUnits);
}

function graphemeCut(text: string, maxUnits: number): number {
  let cut = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, maxUnits + 64))) {
    if (index + segment.length > maxUnits) break;
    cut = index + segment.length;
  }
  if (cut > 0) return cut;
  // One "letter" longer than the limit (piled-up marks): cut it between code points.
  const high = text.charCodeAt(maxUnits - 1);
  return high >= 0xd800 && high <= 0xdbff && maxUnits > 1 ? maxUnits - 1 : maxUnits;
}
