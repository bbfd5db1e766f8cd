/** Finds what an unknown syllable was meant to be: Telex residue, a missing space, a doubled letter, one slip of a finger. */

const LETTERS = "abcdeghiklmnopqrstuvxyfjwz";

/** Candidate spellings (folded keys; a space where two syllables were joined) with the cost of believing in them. */
export function candidates(key: string, known: (key: string) => boolean): { key: string; cost: number }[] {
  const found = new Map<string, number>();
  const offer = (spelling: string, cost: number) => {
    if (spelling !== key && known(spelling) && cost < (found.get(spelling) ?? Infinity))
      found.set(spelling, cost);
  };
  if (key.length > 24 || /\d/.test(key)) return [];
  offer(key.replace(/(.)\1+/g, "$1"), 0.5);
  offer(key.replace(/(.)\1{2,}/g, "$1"), 0.3);
  for (const spelling of telexUndone(key)) offer(spelling, 0.5);
  for (let i = 2; i <= key.length - 2; i++) {
    const [left, right] = [key.slice(0, i), key.slice(i)];
    if (looksVietnamese(left) && looksVietnamese(right) && known(left) && known(right))
      found.set(`${left} ${right}`, 2);
  }
  if (key.length >= 3 && key.length <= 8) oneEdit(key, offer);
  return [...found].map(([spelling, cost]) => ({ key: spelling, cost }));
}

/** Telex typed with the keyboard switched off: ddanhs → danh, vowis → voi, nguwowif → nguoi. */
export function telexUndone(key: string): string[] {
  const letters = key
    .replace(/dd/g, "d")
    .replace(/([aeo])\1/g, "$1")
    .replace(/w/g, "");
  const bare = letters.replace(/[sfrxj]$/, "");
  // The tone key may stand inside the syllable: "ddasnh".
  const inner = letters.replace(/([aeiouy])[sfrxj](?=[a-z])/g, "$1");
  const doubled = bare.replace(/([a-z])[sfrxj](?=[a-z]*$)/, "$1");
  return [...new Set([letters, bare, inner, doubled])].filter((s) => s.length > 0);
}

const SYLLABLE =
  /^(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?(?:a|e|i|o|u|y|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oe|oeo|oi|ua|uao|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|ye|yeu)(?:c|ch|m|n|ng|nh|p|t)?$/;

/** Has the key the shape of a Vietnamese syllable? */
export function looksVietnamese(key: string): boolean {
  return SYLLABLE.test(key);
}

function oneEdit(key: string, offer: (spelling: string, cost: number) => void): void {
  for (let i = 0; i <= key.length; i++) {
    const [left, right] = [key.slice(0, i), key.slice(i)];
    if (right) offer(left + right.slice(1), 1.5);
    if (right.length > 1) offer(left + right.charAt(1) + right.charAt(0) + right.slice(2), 1);
    for (const letter of LETTERS) {
      if (right) offer(left + letter + right.slice(1), 1.7);
      offer(left + letter + right, 1.5);
    }
  }
}
