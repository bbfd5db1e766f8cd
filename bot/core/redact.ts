/** Masks what could tell who somebody is: numbers, addresses, names after a title. For editors' lists and prompts. */

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]+@[\w-]+\.[\w.]+/gu, "[e-mail]"],
  [/https?:\/\/\S+/giu, "[link]"],
  // Phone, ID and account numbers: six or more digits, however they are spaced. Short numbers (111, 72 giờ) stay.
  [/(?<![\p{L}\d])\+?\d(?:[\s.-]?\d){5,}(?!\d)/gu, "[số]"],
  // House number and street; hamlet, lane, ward and commune with the name that follows.
  [/\b(?:số|so)\s+\d+[a-z]?(?:\/\d+)*\s+(?:đường|duong|phố|pho|ngõ|ngo|hẻm|hem)\s+[\p{L}\d]+(?:\s\p{Lu}[\p{L}\d]*)*/giu, "[địa chỉ]"],
  [/(?<!\p{L})(?:xã|phường|thôn|ấp|bản|khóm|tổ|ngõ|hẻm|đường|phố|Xã|Phường|Thôn|Ấp|Bản)\s+(?:\d+|\p{Lu}\p{L}*)(?:\s\p{Lu}\p{L}*){0,3}/gu, "[địa chỉ]"],
  // A name: a capitalised run after a kinship or title word, or after "tên là".
  [
    /(?<!\p{L})(tên(?: là)?|ten(?: la)?|anh|chị|em|cô|chú|bác|ông|bà|thằng|con|cháu|Anh|Chị|Em|Cô|Chú|Bác|Ông|Bà)\s+(\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}+){0,3})/gu,
    "$1 [tên]",
  ],
];

export function redact(text: string): string {
  let out = text.normalize("NFC");
  for (const [pattern, mask] of MASKS) out = out.replace(pattern, mask);
  return out.slice(0, 500);
}
