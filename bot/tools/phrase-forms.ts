/** One marked sentence in the other forms in which people type it; the same sentence always gives the same forms. */

import { fold } from "../core/text.ts";

export const FORMS = ["marked", "unmarked", "teencode", "slips", "southern", "northern_central"] as const;
export type Form = (typeof FORMS)[number];

/** A repeatable source of numbers in [0, 1), from a text. */
export function seeded(seed: string): () => number {
  let h = 2166136261;
  for (const c of seed) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619) >>> 0;
  return () => {
    h = (h + 0x6d2b79f5) >>> 0;
    let t = Math.imul(h ^ (h >>> 15), 1 | h);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TEEN = table(
  "chồng=ck|ck|chog;vợ=vk|zợ;không=k|ko|hok|khum|hong|kg;được=dc|đc;với=vs;rồi=r|rùi|rui;gì=j|gj;biết=bt|bik|bít;muốn=mún|mun;mình=mk|mik;em=e|em|iem;người=ng|ngừi;bây giờ=bh|bây h;quá=wa|qá|quá;vậy=z|v|zậy;cũng=cx|cg;nữa=nx;làm=lm;đánh=uýnh|dánh|oánh|đánk;giết=zết|giet|g.i.ế.t|giếc;dao=d.a.o|dao|da0;chết=chớt|chet|ch.ết|chếc;bố=bo|pố;đang=đg|dag|đag;anh=a;nhiều=nhìu;yêu=iu;người yêu=ny;điện thoại=đt|dt;trước=trc;hôm nay=hnay;bóp cổ=bop co|bóp kổ;tự tử=tự t.ử|tu tu|tự tử;gia đình=gđ;nói=ns|nói;hôm qua=hqua;công an=công an|ca;trong=trog;phòng=phòng|fòng;thích=thik;nhưng=nhg|nhưng",
);
const SOUTH = table(
  "bố=ba;mẹ=má;đánh=oánh|uýnh|đánh;không=hông|hổng;anh ấy=ảnh;ông ấy=ổng;anh ta=ảnh|thằng chả;chị ấy=chỉ;bà ấy=bả;vào=vô;tôi=tui;sợ quá=sợ quá trời;ngã=té;thế nào=sao;như thế=vậy;bát=chén;ô tô=xe hơi;lúc nãy=hồi nãy;dọa=hăm;ngu=khờ;nhé=nha;bây giờ=giờ",
);
const CENTRAL = table(
  "không=nỏ|khôông;gì=chi;sao=răng;đâu=mô;này=ni;kia=tê;bây giờ=chừ|bây chừ;anh ấy=hấn;nó=hấn;hắn=hấn;tôi=tui;mày=mi;tao=tau;chồng=dôn|chồng|nhôông;mẹ=mạ|mẹ;bố=bọ|ba;lắm=dữ lắm|lắm;thế=rứa;đó=nớ",
);

function table(source: string): readonly (readonly [RegExp, readonly string[]])[] {
  return source.split(";").map((entry) => {
    const [from = "", to = ""] = entry.split("=");
    return [new RegExp(`(?<!\\p{L})${from}(?!\\p{L})`, "giu"), to.split("|")] as const;
  });
}

function respell(s: string, words: ReturnType<typeof table>, share: number, next: () => number): string {
  let t = s;
  for (const [word, others] of words) {
    t = t.replace(word, (found) =>
      next() < share ? (others[Math.floor(next() * others.length)] ?? found) : found,
    );
  }
  return t;
}

/** Gives one form of a marked sentence. */
export function inForm(s: string, form: Form): string {
  const next = seeded(`${form}:${s}`);
  switch (form) {
    case "marked":
      return s;
    case "unmarked":
      return fold(s);
    case "teencode":
      return bare(respell(s.toLowerCase(), TEEN, 0.75, next), next() < 0.5 ? 0.9 : 0.1, next);
    case "slips":
      return slip(s.toLowerCase(), next);
    case "southern":
      return respell(s, SOUTH, 0.9, next);
    case "northern_central":
      return respell(s, CENTRAL, 0.7, next);
  }
}

/** Takes the marks off a share of the words. */
function bare(s: string, share: number, next: () => number): string {
  return s
    .split(" ")
    .map((word) => (next() < share ? fold(word) : word))
    .join(" ");
}

/** Swapped and stretched letters, forgotten marks and spaces: about every fourth word. */
function slip(s: string, next: () => number): string {
  const words = s.split(" ").map((word) => {
    const chance = next();
    const letters = [...word];
    if (letters.length >= 4 && chance < 0.08) {
      const at = 1 + Math.floor(next() * (letters.length - 2));
      const [a = "", b = ""] = letters.splice(at, 2);
      return [...letters.slice(0, at), b, a, ...letters.slice(at)].join("");
    }
    const last = letters[letters.length - 1] ?? "";
    if (chance < 0.14 && /\p{L}/u.test(last)) return word + last.repeat(3);
    return chance < 0.3 ? fold(word) : word;
  });
  return words.reduce(
    (line, word) => (line && next() < 0.05 ? line + word : line ? `${line} ${word}` : word),
    "",
  );
}
