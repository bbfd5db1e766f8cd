/** Writes a well-spelled Vietnamese line as people type it: without marks, or in teencode with slips. Always the same for the same line. */

import { fold } from "../core/text.ts";

export const FORMS = ["marked", "unmarked", "typed"] as const;
export type Form = (typeof FORMS)[number];

/** What many people type for a word. Several choices: one is drawn for each place. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  không: ["k", "ko", "hok", "hong", "kh", "khum"],
  được: ["dc", "đc", "đk", "dx"],
  gì: ["j", "zì", "gi"],
  vậy: ["z", "v", "zậy"],
  rồi: ["r", "rùi", "ròi"],
  chồng: ["ck", "chong", "ox"],
  vợ: ["vk", "vo"],
  em: ["e"],
  anh: ["a"],
  chị: ["c"],
  mình: ["mik", "mk", "mìn"],
  tôi: ["t", "tui"],
  bạn: ["b", "bn"],
  người: ["ng", "ngừi", "nguoi"],
  biết: ["bt", "bít", "bik"],
  với: ["vs", "vz"],
  cũng: ["cx", "cũg"],
  bây: ["bây"],
  giờ: ["h", "jờ"],
  nhiều: ["nhìu", "nhiu"],
  quá: ["wá", "qá"],
  đánh: ["đánh", "uýnh", "oánh", "dánh"],
  muốn: ["mún", "mún"],
  phải: ["fải", "phai", "p"],
  trước: ["trc", "trk"],
  thích: ["thik"],
  yêu: ["iu", "iêu"],
  đang: ["đag", "dag"],
  như: ["nhu", "nhơ"],
  làm: ["lm", "lèm"],
  sao: ["s", "seo"],
  điện: ["đ"],
  thoại: ["thoại"],
  quen: ["wen"],
  nữa: ["nx"],
  luôn: ["lun"],
  thôi: ["thui"],
  này: ["nì", "nek"],
  vẫn: ["vẫn", "vẩn"],
  nói: ["ns", "nói"],
  gia: ["ja", "gia"],
  đình: ["đìh", "đình"],
  trong: ["trog", "trong"],
  những: ["nhữg", "nhug"],
  mẹ: ["mẹ", "mej"],
  bị: ["bị", "bj"],
  đi: ["đi", "ik"],
  chưa: ["ch", "chưa"],
};
const SHORT_PAIRS: Readonly<Record<string, string>> = {
  "như thế nào": "ntn",
  "bao nhiêu": "bnhieu",
  "người yêu": "ny",
  "điện thoại": "đt",
  "gia đình": "gđ",
  "bạo lực": "bl",
  "công an": "ca",
  "nhắn tin": "nt",
  "nói chuyện": "nch",
  "bây giờ": "bjo",
  "người ta": "ngta",
  "bố mẹ": "bme",
  "tài khoản": "tk",
};

/** A small generator whose numbers follow from the text alone. */
function chance(seed: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    state ^= state >>> 15;
    return (state >>> 0) / 2 ** 32;
  };
}

const TONE_KEYS: Readonly<Record<string, string>> = {
  "\u0301": "s",
  "\u0300": "f",
  "\u0309": "r",
  "\u0303": "x",
  "\u0323": "j",
};
const SHAPE_KEYS: Readonly<Record<string, string>> = { "\u0302": "", "\u0306": "w", "\u031b": "w" };

/** A syllable as its Telex keys: đánh → ddanhs. */
export function telexKeys(word: string): string {
  let keys = "";
  let tone = "";
  let last = "";
  for (const char of word.normalize("NFD")) {
    if (TONE_KEYS[char]) tone = TONE_KEYS[char];
    else if (char === "\u0302") keys += last;
    else if (SHAPE_KEYS[char] !== undefined) keys += SHAPE_KEYS[char];
    else {
      last = char;
      keys += char === "đ" ? "dd" : char;
    }
  }
  return keys + tone;
}

function slip(word: string, next: () => number): string {
  const at = 1 + Math.floor(next() * Math.max(1, word.length - 2));
  const kind = next();
  if (kind < 0.35) return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
  if (kind < 0.6) return word.slice(0, at) + word.charAt(at) + word.slice(at);
  if (kind < 0.8) return word.slice(0, at) + word.slice(at + 1);
  return word + word.slice(-1).repeat(2);
}

function typed(line: string): string {
  const next = chance(line);
  let text = line.toLowerCase().replace(/[.,;:?!]+/g, next() < 0.7 ? "" : " ");
  for (const [long, short] of Object.entries(SHORT_PAIRS)) {
    if (next() < 0.5) text = text.replaceAll(long, short);
  }
  let slips = 0;
  const words = text.split(/\s+/).filter(Boolean);
  const out = words.map((word) => {
    const choices = SHORT[word];
    const draw = next();
    if (choices && draw < 0.65) return choices[Math.floor(next() * choices.length)] ?? word;
    if (word.length >= 4 && draw > 0.92 && slips < 2) {
      slips++;
      return slip(word, next);
    }
    if (draw > 0.88 && slips < 2 && fold(word) !== word) {
      slips++;
      return telexKeys(word);
    }
    return word;
  });
  const joined: string[] = [];
  for (const word of out) {
    const before = joined.at(-1);
    if (before && before.length > 2 && word.length > 2 && slips < 2 && next() < 0.05) {
      joined[joined.length - 1] = before + word;
      slips++;
    } else joined.push(word);
  }
  const whole = joined.join(" ");
  return next() < 0.5 ? fold(whole) : whole;
}

/** The line in one form. */
export function inForm(line: string, form: Form): string {
  if (form === "marked") return line;
  return form === "unmarked" ? fold(line) : typed(line);
}
