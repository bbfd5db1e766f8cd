/** An index in memory over short passages: folded syllables and neighbouring pairs as postings, and the texts as numbers. */

import { plain, scan } from "./cut.ts";
import { makePairs, type Pairs } from "./pairs.ts";
import type { Phrases } from "./phrases.ts";
import type { Rows } from "./rows.ts";
import { makePairVotes, type PairSpellings, type PairVotes } from "./spelling.ts";
import { makeVocabulary, type Vocabulary } from "./vocabulary.ts";

export interface Passage {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
}

/** How a passage is weighed when it is indexed. */
export interface IndexWeights {
  /** How many times a syllable of the heading counts. */
  readonly heading: number;
  readonly k1: number;
  readonly b: number;
}

/** What is found by, but for the numbers of syllables and pairs: rows of numbers only, so that it can be kept in a file. */
export interface Postings {
  readonly size: number;
  /** Each passage's syllables once: as written, how many times; and where each passage begins among them. */
  readonly once: Once;
  /** Rarity of all the syllables of each passage together. */
  readonly said: Float64Array;
  /** Terms: folded syllables by their number, groups of synonyms from `groupBase`, pairs from `pairBase`. */
  readonly groupBase: number;
  readonly pairBase: number;
  /** Where the postings of each term begin. */
  readonly from: Uint32Array;
  readonly passages: Uint16Array | Uint32Array;
  /** What one term adds for one passage before its rarity: BM25's saturated count, 255 for `peak`. */
  readonly gain: Uint8Array;
  readonly peak: number;
  /** Rarity of each term. */
  readonly rarity: Float32Array;
  /** Rarity of each syllable as written. */
  readonly markedRarity: Float32Array;
}

/** How a collection writes what may be typed without marks: what a question is read by. */
export interface Spellings {
  /** Of the passages that have a syllable without its marks, the share that has this spelling of it. */
  readonly markedShare: Float32Array;
  /** For each folded syllable its most usual spelling. */
  readonly usual: Uint32Array;
  /** How each pair is mostly written, as far as this collection has it. */
  readonly pairSpellings: PairSpellings;
}

/** The numbers of a collection's syllables and pairs; indexes that are asked together share them. */
export interface Numbers {
  readonly vocabulary: Vocabulary;
  readonly pairs: Pairs;
}

export type Index = Postings & Numbers;
/** An index that questions are read by, too. */
export type ReadingIndex = Index & Spellings;

/** Each passage's syllables once each, so that looking at a long passage costs its vocabulary and not its length. */
export interface Once {
  readonly marked: Uint16Array | Uint32Array;
  readonly times: Uint16Array;
  readonly begin: Uint32Array;
}

/** Builds the index. Linear in the text; about 0.2 s for a million syllables. */
export function buildIndex(
  passages: readonly Passage[],
  weights: IndexWeights,
  synonyms: Phrases<number>,
): ReadingIndex {
  const numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
  const rows = readAll(passages, numbers.vocabulary);
  return { ...numbers, ...indexSpelledRows(rows, weights, synonyms, numbers) };
}

/**
 * The index of passages that are rows already. Indexes that are asked together share their numbers; the vocabulary has
 * the syllables of all of them before the first is built.
 */
export function indexRows(
  rows: Rows,
  weights: IndexWeights,
  synonyms: Phrases<number>,
  numbers: Numbers,
): Postings {
  return indexed(rows, weights, synonyms, numbers).postings;
}

/** The same for a collection by which questions are read. */
export function indexSpelledRows(
  rows: Rows,
  weights: IndexWeights,
  synonyms: Phrases<number>,
  numbers: Numbers,
): Postings & Spellings {
  const votes = makePairVotes();
  const { postings, having } = indexed(rows, weights, synonyms, numbers, votes);
  return {
    ...postings,
    ...spellings(having, numbers.vocabulary),
    pairSpellings: votes.spellings(numbers.vocabulary.foldOf.length),
  };
}

function indexed(
  rows: Rows,
  weights: IndexWeights,
  synonyms: Phrases<number>,
  numbers: Numbers,
  votes?: PairVotes,
) {
  const { vocabulary } = numbers;
  const size = rows.headingEnd.length;
  const counts = countTerms(rows, numbers, weights, groupsAt(synonyms, vocabulary), votes);
  const posted = posting(size, counts, weights);
  const once = onceEach(rows, vocabulary);
  const having = passagesHaving(size, once, vocabulary);
  const postings: Postings = {
    size,
    once,
    said: saidBy(once, posted.rarity, vocabulary),
    ...posted,
    markedRarity: Float32Array.from(having, (n) => rarityOf(size, n)),
  };
  return { postings, having };
}

function onceEach({ stream, begin }: Rows, vocabulary: Vocabulary): Once {
  const marked = new Uint32Array(stream.length);
  const times = new Uint16Array(stream.length);
  const starts = new Uint32Array(begin.length);
  // Where this passage already has the syllable.
  const place = new Int32Array(vocabulary.foldOf.length).fill(-1);
  let at = 0;
  for (let d = 0; d + 1 < begin.length; d++) {
    const first = at;
    starts[d] = first;
    for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++) {
      const number = stream[i] ?? 0;
      if (number === 0) continue;
      const had = place[number] ?? -1;
      if (had >= first) times[had] = Math.min(65_535, (times[had] ?? 0) + 1);
      else {
        place[number] = at;
        marked[at] = number;
        times[at++] = 1;
      }
    }
  }
  starts[begin.length - 1] = at;
  // A look at a passage costs what it brings in from memory: half as wide is nearly twice as fast.
  const narrow = vocabulary.foldOf.length < 0x10000;
  const kept = narrow ? Uint16Array.from(marked.subarray(0, at)) : marked.slice(0, at);
  return { marked: kept, times: times.slice(0, at), begin: starts };
}

function saidBy({ marked, times, begin }: Once, rarity: Float32Array, { foldOf }: Vocabulary): Float64Array {
  const said = new Float64Array(begin.length - 1);
  for (let d = 0; d < said.length; d++) {
    let sum = 0;
    for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++)
      sum += (times[i] ?? 0) * (rarity[foldOf[marked[i] ?? 0] ?? 0] ?? 0);
    said[d] = sum;
  }
  return said;
}

/** BM25's rarity: never below 0, so that a frequent word cannot count against a passage. */
function rarityOf(size: number, having: number): number {
  return Math.log(1 + (size - having + 0.5) / (having + 0.5));
}

/** How many passages have each syllable as written. */
function passagesHaving(size: number, { marked }: Once, { foldOf }: Vocabulary): Uint32Array {
  const having = new Uint32Array(foldOf.length);
  for (let i = 0; i < marked.length; i++) having[marked[i] ?? 0] = (having[marked[i] ?? 0] ?? 0) + 1;
  having[0] = size;
  return having;
}

function spellings(having: Uint32Array, vocabulary: Vocabulary): Omit<Spellings, "pairSpellings"> {
  const folded = new Float64Array(vocabulary.spelling.length);
  const usual = new Uint32Array(vocabulary.spelling.length);
  vocabulary.foldOf.forEach((fold, number) => {
    folded[fold] = (folded[fold] ?? 0) + (having[number] ?? 0);
    const most = usual[fold] ?? 0;
    if (most === 0 || (having[number] ?? 0) > (having[most] ?? 0)) usual[fold] = number;
  });
  const share = (number: number) => (having[number] ?? 0) / (folded[vocabulary.foldOf[number] ?? 0] || 1);
  return { markedShare: Float32Array.from(having, (_, number) => share(number)), usual };
}

function readAll(passages: readonly Passage[], vocabulary: Vocabulary): Rows {
  let stream = new Uint32Array(1 << 16);
  let at = 0;
  const put = (number: number) => {
    if (at === stream.length) {
      stream = widened(stream);
    }
    stream[at++] = number;
  };
  const begin = new Uint32Array(passages.length + 1);
  const headingEnd = new Uint32Array(passages.length);
  const syllable = (raw: string) => put(vocabulary.add(raw));
  const stop = () => put(0);
  passages.forEach((passage, i) => {
    begin[i] = at;
    if (passage.title) scan(plain(passage.title), syllable, stop);
    headingEnd[i] = at;
    put(0);
    scan(plain(passage.text), syllable, stop);
    put(0);
  });
  begin[passages.length] = at;
  return { stream: stream.slice(0, at), begin, headingEnd };
}

function widened(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(old.length * 2);
  wider.set(old);
  return wider;
}

interface Counts {
  /** One entry for each term of each passage, passage after passage. */
  readonly term: Uint32Array;
  /** In halves. */
  readonly times: Uint8Array;
  readonly until: Uint32Array;
  readonly length: Float64Array;
  readonly groupBase: number;
  readonly pairBase: number;
  readonly terms: number;
}

/** What stands in a text once counts two halves; a pair that is parted by a comma, one: it may be a word, and mostly is none. */
const ONCE = 2;

interface Groups {
  /** For each syllable as written, the phrases that begin with it. */
  readonly byFirst: readonly ({ readonly row: readonly number[]; readonly group: number }[] | undefined)[];
  readonly count: number;
}

/** The phrases of all groups in numbers; those with a syllable that the collection lacks are left out. */
function groupsAt(synonyms: Phrases<number>, vocabulary: Vocabulary): Groups {
  const byFirst = new Array<{ row: number[]; group: number }[] | undefined>(vocabulary.foldOf.length);
  let count = 0;
  for (const { row, value } of synonyms.entries()) {
    count = Math.max(count, value + 1);
    const numbers = row.map((s) => vocabulary.byMark(s.mark));
    const first = numbers[0];
    if (first === undefined || numbers.includes(0)) continue;
    const list = byFirst[first] ?? [];
    list.push({ row: numbers, group: value });
    byFirst[first] = list;
  }
  return { byFirst, count };
}

/** Does the phrase stand in the text from `at` on? Asked for nearly every syllable of every text, so without a closure. */
function stands(row: readonly number[], stream: Uint32Array, at: number): boolean {
  for (let n = 1; n < row.length; n++) if (stream[at + n] !== row[n]) return false;
  return true;
}

function countTerms(
  read: Rows,
  { vocabulary, pairs }: Numbers,
  weights: IndexWeights,
  groups: Groups,
  votes?: PairVotes,
): Counts {
  const size = read.headingEnd.length;
  const groupBase = vocabulary.spelling.length;
  const pairBase = groupBase + groups.count;
  const { stream, begin, headingEnd } = read;
  let term = new Uint32Array(stream.length * 2 + 16);
  let times = new Uint8Array(term.length);
  const until = new Uint32Array(size);
  const length = new Float64Array(size);
  // Where in `term` this passage already has the term; grows with the pairs.
  let place = new Int32Array(pairBase + stream.length).fill(-1);
  let at = 0;
  // Where this passage's terms begin.
  let first = 0;
  const note = (number: number, worth: number): void => {
    if (number >= place.length) {
      const wider = new Int32Array(place.length * 2).fill(-1);
      wider.set(place);
      place = wider;
    }
    const had = place[number] ?? -1;
    if (had >= first) {
      times[had] = Math.min(255, (times[had] ?? 0) + worth);
      return;
    }
    place[number] = at;
    if (at === term.length) {
      term = widened(term);
      const more = new Uint8Array(term.length);
      more.set(times);
      times = more;
    }
    term[at] = number;
    times[at] = worth;
    at++;
  };
  for (let d = 0; d < size; d++) {
    first = at;
    let before = 0;
    let beforeAs = 0;
    let parted = false;
    const end = begin[d + 1] ?? 0;
    const heading = headingEnd[d] ?? 0;
    for (let i = begin[d] ?? 0; i < end; i++) {
      const written = stream[i] ?? 0;
      if (written === 0) {
        parted = true;
        // Nothing reaches from the heading into the text.
        if (i === heading) before = 0;
        continue;
      }
      const folded = vocabulary.foldOf[written] ?? 0;
      const worth = i < heading ? weights.heading : 1;
      length[d] = (length[d] ?? 0) + worth;
      note(folded, ONCE * worth);
      if (before !== 0) {
        const pair = pairs.add(before, folded);
        note(pairBase + pair, (parted ? 1 : ONCE) * worth);
        if (votes && !parted) votes.vote(pair, beforeAs, written);
      }
      const starts = groups.byFirst[written];
      if (starts) {
        for (let n = 0; n < starts.length; n++) {
          const start = starts[n];
          if (start && stands(start.row, stream, i)) note(groupBase + start.group, ONCE * worth);
        }
      }
      before = folded;
      beforeAs = written;
      parted = false;
    }
    until[d] = at;
  }
  return { term, times, until, length, groupBase, pairBase, terms: pairBase + pairs.size() };
}

function posting(
  size: number,
  counts: Counts,
  { k1, b }: IndexWeights,
): Pick<Postings, "from" | "passages" | "gain" | "peak" | "rarity" | "groupBase" | "pairBase"> {
  const { term, times, until, length, terms } = counts;
  const total = size === 0 ? 0 : (until[size - 1] ?? 0);
  const from = new Uint32Array(terms + 1);
  for (let i = 0; i < total; i++) from[(term[i] ?? 0) + 1] = (from[(term[i] ?? 0) + 1] ?? 0) + 1;
  for (let t = 0; t < terms; t++) from[t + 1] = (from[t + 1] ?? 0) + (from[t] ?? 0);
  const next = from.slice(0, terms);
  const passages = size < 0x10000 ? new Uint16Array(total) : new Uint32Array(total);
  const gain = new Uint8Array(total);
  const peak = k1 + 1;
  let sum = 0;
  for (let d = 0; d < size; d++) sum += length[d] ?? 0;
  const mean = sum / Math.max(1, size) || 1;
  let i = 0;
  for (let d = 0; d < size; d++) {
    const norm = k1 * (1 - b + (b * (length[d] ?? 0)) / mean);
    for (const end = until[d] ?? 0; i < end; i++) {
      const t = term[i] ?? 0;
      const tf = (times[i] ?? 0) / ONCE;
      const slot = next[t] ?? 0;
      next[t] = slot + 1;
      passages[slot] = d;
      gain[slot] = Math.round((255 * tf) / (tf + norm));
    }
  }
  const rarity = new Float32Array(terms);
  for (let t = 0; t < terms; t++) {
    const df = (from[t + 1] ?? 0) - (from[t] ?? 0);
    rarity[t] = rarityOf(size, df);
  }
  return { from, passages, gain, peak, rarity, groupBase: counts.groupBase, pairBase: counts.pairBase };
}
