/** Finds what an unknown syllable was meant to be: Telex residue, a missing space, a doubled letter, one slip of a finger. */

/** Offers the spellings that one slip of a finger turns into `key`, each with what it costs to believe so. */
export type Near = (key: string, offer: (spelling: string, cost: number) => void) => void;

/**
 * Spellings by their length and letters: going through those that can be near is far quicker than to make a key's several
 * hundred neighbours and to look each up.
 */
export function makeNear(): { readonly add: (key: string) => void; readonly near: Near } {
  const byLength: { key: string; letters: number }[][] = Array.from({ length: LONGEST_SLIP + 2 }, () => []);
  return {
    add: (key) => {
      if (/^[a-z]+$/.test(key)) byLength[key.length]?.push({ key, letters: lettersOf(key) });
    },
    near: (key, offer) => {
      const letters = lettersOf(key);
      for (let length = key.length - 1; length <= key.length + 1; length++) {
        for (const other of byLength[length] ?? []) {
          // A slip takes one letter away or brings one in, or both, no more.
          if (moreThanTwoBits(letters ^ other.letters)) continue;
          const cost = slipCost(key, other.key);
          if (cost > 0) offer(other.key, cost);
        }
      }
    },
  };
}

const SHORTEST_SLIP = 3;
const LONGEST_SLIP = 8;

function lettersOf(key: string): number {
  let letters = 0;
  for (let i = 0; i < key.length; i++) letters |= 1 << (key.charCodeAt(i) - 97);
  return letters;
}

function moreThanTwoBits(bits: number): boolean {
  const butOne = bits & (bits - 1);
  return (butOne & (butOne - 1)) !== 0;
}

/** What it costs to believe that `meant` was typed as `key` by one slip; 0: it takes more than one, or none. */
function slipCost(key: string, meant: string): number {
  let start = 0;
  while (start < key.length && start < meant.length && key.charCodeAt(start) === meant.charCodeAt(start))
    start++;
  const rest = (k: number, m: number) => key.length - k === meant.length - m && key.endsWith(meant.slice(m));
  if (key.length === meant.length + 1) return rest(start + 1, start) ? 1.5 : 0;
  if (key.length === meant.length - 1) return rest(start, start + 1) ? 1.5 : 0;
  if (start === key.length) return 0;
  const swapped =
    key.charCodeAt(start) === meant.charCodeAt(start + 1) &&
    key.charCodeAt(start + 1) === meant.charCodeAt(start);
  if (swapped && rest(start + 2, start + 2)) return 1;
  return rest(start + 1, start + 1) ? 1.7 : 0;
}

/** Candidate spellings (folded keys; a space where two syllables were joined) with the cost of believing in them. */
export function candidates(
  key: string,
  known: (key: string) => boolean,
  near: Near,
): { key: string; cost: number }[] {
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
  if (key.length >= SHORTEST_SLIP && key.length <= LONGEST_SLIP) near(key, offer);
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
