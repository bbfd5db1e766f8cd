/** One Vietnamese syllable: its letters without marks, its marks, whether it can be one, and keyboard residue undone. */

/** A syllable as typed: `fold` without marks, `base` with letter marks (ă â đ ê ô ơ ư) but no tone, `tone` 0–5. */
export interface Syllable {
  readonly fold: string;
  readonly base: string;
  readonly tone: number;
  /** Spelt out from a short writing: its marks are ours, not the writer's. */
  readonly spelt?: boolean;
}

const TONE_MARKS = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"];
const HOOK = 3;
const TILDE = 4;

const LETTERS: ReadonlyMap<string, readonly [fold: string, base: string, tone: number]> = new Map(
  "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".split("").flatMap((base) => {
    const fold = base === "đ" ? "d" : (base.normalize("NFD")[0] ?? base);
    const tones = "aeiouy".includes(fold) ? TONE_MARKS : [""];
    return tones.map((mark, tone) => [(base + mark).normalize("NFC"), [fold, base, tone]] as const);
  }),
);

/** Takes a lower-case NFC word apart; letters that Vietnamese does not have stay as they are. */
export function syllable(word: string): Syllable {
  let fold = "";
  let base = "";
  let tone = 0;
  for (const c of word) {
    const letter = LETTERS.get(c);
    fold += letter ? letter[0] : c;
    base += letter ? letter[1] : c;
    if (letter?.[2]) tone = letter[2];
  }
  return { fold, base, tone };
}

/**
 * May what was typed stand for what is meant? Every mark that was typed must agree; marks may be missing (hurried
 * typing). Hỏi and ngã count as one: half of the country says and writes them alike.
 */
export function mayMean(typed: Syllable, meant: Syllable): boolean {
  if (typed.fold !== meant.fold) return false;
  if (
    typed.tone !== 0 &&
    typed.tone !== meant.tone &&
    !(isHookOrTilde(typed.tone) && isHookOrTilde(meant.tone))
  ) {
    return false;
  }
  if (typed.base === meant.base || typed.base === typed.fold) return true;
  for (let i = 0; i < typed.base.length; i++) {
    const t = typed.base[i];
    if (t !== meant.base[i] && t !== typed.fold[i]) return false;
  }
  return true;
}

function isHookOrTilde(tone: number): boolean {
  return tone === HOOK || tone === TILDE;
}

const ONSETS = new Set(" b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(" "));
const RIMES = new Set(
  `a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in
   inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op ot u ua uan
   uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu
   y yem yen yeng yet yeu`.split(/\s+/),
);

/** Could these letters without marks be one Vietnamese syllable? */
export function isSyllable(fold: string): boolean {
  if (fold === "gi") return true;
  for (const onset of [3, 2, 1, 0]) {
    if (ONSETS.has(fold.slice(0, onset)) && RIMES.has(fold.slice(onset))) return true;
  }
  return false;
}

const LONGEST_SYLLABLE = 7;

/** "chongdanhem" → its syllables, the fewest unlikely ones; undefined if it cannot be cut. `isKnown`: words we listen for. */
export function cutWord(word: string, isKnown: (fold: string) => boolean): string[] | undefined {
  let fold = "";
  // Unit by unit: a letter of two units is none of Vietnamese.
  for (let i = 0; i < word.length; i++) fold += LETTERS.get(word.charAt(i))?.[0] ?? word.charAt(i);
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let to = 1; to <= word.length; to++) {
    best[to] = { cost: Number.POSITIVE_INFINITY, from: to };
    for (let from = Math.max(0, to - LONGEST_SYLLABLE); from < to; from++) {
      const before = best[from]?.cost ?? Number.POSITIVE_INFINITY;
      if (before === Number.POSITIVE_INFINITY) continue;
      const cost = before + pieceCost(fold.slice(from, to), isKnown);
      if (cost < (best[to]?.cost ?? 0)) best[to] = { cost, from };
    }
  }
  const end = best[word.length];
  if (!end || end.cost === Number.POSITIVE_INFINITY) return undefined;
  const pieces: string[] = [];
  for (let to = word.length; to > 0; ) {
    const from = best[to]?.from ?? 0;
    pieces.push(word.slice(from, to));
    to = from;
  }
  return pieces.reverse();
}

function pieceCost(fold: string, isKnown: (fold: string) => boolean): number {
  if (fold.length > 1 && isKnown(fold)) return 1;
  if (!isSyllable(fold)) return Number.POSITIVE_INFINITY;
  return fold.length === 1 ? 4 : 2;
}

const TELEX_TONES: Readonly<Record<string, number>> = { f: 1, s: 2, r: 3, x: 4, j: 5 };
const VNI_TONES: Readonly<Record<string, number>> = { "2": 1, "1": 2, "3": 3, "4": 4, "5": 5 };
const VNI_LETTERS: readonly (readonly [RegExp, string])[] = [
  [/d9/g, "đ"],
  [/([aeo])([a-z]*)6/g, "$1^$2"],
  [/([uo])([a-z]*)7/g, "$1+$2"],
  [/a([a-z]*)8/g, "a($1"],
];

/** Marks typed as keys that no input method took: "ddanhs" → "đánh", "d9a1nh" → "đánh"; undefined if nothing comes of it. */
export function undoKeys(word: string): string | undefined {
  if (!/^[a-z0-9]{3,12}$/.test(word)) return undefined;
  const done = /\d/.test(word) ? undoVni(word) : undoTelex(word);
  return done && isSyllable(syllable(done).fold) ? done : undefined;
}

function undoTelex(word: string): string | undefined {
  let letters = word;
  let tone = 0;
  const at = letters.search(/[fsrxj](?=[a-z]*$)/g);
  const last = /^(.*[aeiouyw].*?)([fsrxj])([a-z]*)$/.exec(letters);
  if (at >= 0 && last) {
    tone = TELEX_TONES[last[2] ?? ""] ?? 0;
    letters = `${last[1]}${last[3]}`;
  }
  const marked = letters
    .replace(/dd|^d(?=[a-z]*d$)/, "đ")
    .replace(/(?<=^đ[a-z]*)d$/, "")
    .replace(/uow|uwow|uwo/, "ươ")
    .replace(/aa|a(?=[a-z]+a$)/, "â")
    .replace(/ee|e(?=[a-z]+e$)/, "ê")
    .replace(/oo|o(?=[a-z]+o$)/, "ô")
    .replace(/(?<=â[a-z]*)a$|(?<=ê[a-z]*)e$|(?<=ô[a-z]*)o$/, "")
    .replace(/aw/, "ă")
    .replace(/ow/, "ơ")
    .replace(/uw|w/, "ư");
  return marked === word ? undefined : addTone(marked, tone);
}

function undoVni(word: string): string | undefined {
  const tones = /^(\D.*?)([1-5])([a-z6-9]*)$/.exec(word);
  let letters = tones ? `${tones[1]}${tones[3]}` : word;
  for (const [pattern, mark] of VNI_LETTERS) letters = letters.replace(pattern, mark);
  letters = letters
    .replace(/u\+?o\+|u\+o/g, "ươ")
    .replace(/u\+/g, "ư")
    .replace(/o\+/g, "ơ");
  letters = letters.replace(/a\^/g, "â").replace(/e\^/g, "ê").replace(/o\^/g, "ô").replace(/a\(/g, "ă");
  if (/[^a-zăâđêôơư]/.test(letters)) return undefined;
  return addTone(letters, tones ? (VNI_TONES[tones[2] ?? ""] ?? 0) : 0);
}

/** Puts a tone on some vowel of the syllable; which one does not matter to `syllable`. */
function addTone(letters: string, tone: number): string {
  const at = letters.search(/[aăâeêioôơuưy]/);
  if (at < 0) return letters;
  return (letters.slice(0, at + 1) + (TONE_MARKS[tone] ?? "") + letters.slice(at + 1)).normalize("NFC");
}
