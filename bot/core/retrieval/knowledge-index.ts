/**
 * The index of our knowledge in one language: texts in, rows of numbers out. It is plain data made of plain data, so that
 * another process can make it and a file can keep it; the same texts and tuning always give the same index.
 */

import { hash } from "../hash.ts";
import type { Article } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import { type Features, featureRows, featureTerms, type Terms } from "./features.ts";
import { indexRows, indexSpelledRows, type Numbers, type Postings, type Spellings } from "./index.ts";
import { makeKinds } from "./kinds.ts";
import { type KnownWords, type Meaning, placePassages, wordNumbers } from "./meaning.ts";
import { type KeptPairs, makePairs } from "./pairs.ts";
import { type Labels, learnPassages, nothingLearned, type PassageModel } from "./passage-model.ts";
import type { Phrases } from "./phrases.ts";
import { makeReader } from "./query.ts";
import { joinRows, layOut, makeRowReader, type Rows } from "./rows.ts";
import type { SearchData } from "./tuning.ts";
import { type KeptVocabulary, makeVocabulary, type Vocabulary } from "./vocabulary.ts";

/** What of the articles is searched, in one language and in the articles' order. */
export interface KnowledgeTexts {
  readonly articles: readonly {
    readonly title: string;
    /** Ways of asking for the whole of it. */
    readonly questions: readonly string[];
    readonly passages: readonly {
      readonly id: string;
      readonly heading: string;
      readonly text: string;
      readonly asks: readonly string[];
    }[];
  }[];
}

export function textsOf(articles: readonly Article[], lang: Lang): KnowledgeTexts {
  return {
    articles: articles.map((article) => ({
      title: article.title[lang],
      questions: article.questions[lang],
      passages: article.passages.map(({ id, heading, text, asks }) => ({
        id,
        heading: heading[lang],
        text: text[lang],
        asks: asks[lang],
      })),
    })),
  };
}

/** Who asked just so: owners by a number of the words. */
export interface Said {
  /** In ascending order; a number as often as it has owners. */
  readonly key: Float64Array;
  readonly owner: Uint16Array;
}

/** The indexes share their numbers, so that one reading of a question serves them all. */
export interface KnowledgeIndex {
  readonly vocabulary: KeptVocabulary;
  readonly pairs: KeptPairs;
  /** By these, one text each, questions are read. */
  readonly passages: Postings & Spellings;
  /** Articles as one text each, with all their ways of asking. */
  readonly wholes: Postings;
  /** Ways of asking: of the articles, of what is not ours to answer, so that both are measured alike, and what was asked unaided. */
  readonly aliases: Postings;
  /** Article of each of the aliases; one behind the last for what is not ours. */
  readonly aliasOwners: Uint16Array;
  /** Passage of each that is for one; one behind the last for all others. */
  readonly aliasPassages: Uint16Array;
  /** For each passage the kinds of question that it answers (`kinds.ts`). */
  readonly answers: Int32Array;
  /** Articles by all the words of a way of asking, and without words of asking and politeness; behind the last article what is not ours. */
  readonly wordForWord: Said;
  readonly alike: Said;
  readonly features: Features;
  readonly passageModel: PassageModel;
  /** Null: nothing is known of what words mean. */
  readonly meaning: Meaning | null;
}

/** What is learned from: ways of asking as rows of features, and what each is for. */
export interface Lessons {
  readonly terms: Terms;
  readonly labels: Labels;
  /** Of each feature its number in every collection (`wordNumbers`). */
  readonly words: Int32Array;
}

/** The lessons of `indexKnowledge`, for who learns once for all editions. */
export function lessonsOf(texts: KnowledgeTexts, data: SearchData): Lessons {
  return readAll(texts, data).lessons;
}

export interface IndexOptions {
  /**
   * Whether it learns what each passage is asked for: of seven seconds for 65,000 ways of asking five, and without it and what words
   * mean the right passage comes first for 70 of a hundred, not 85.
   */
  readonly learns?: boolean;
  /** What words mean in this language; without it one or two of a hundred fewer come first. */
  readonly meaning?: KnownWords | null;
}

/** `data` is that of the texts' language. Linear in the texts. */
export function indexKnowledge(
  texts: KnowledgeTexts,
  data: SearchData,
  { learns = true, meaning = null }: IndexOptions = {},
): KnowledgeIndex {
  const { read, index, aliases, aliasRows, aliasOwners, features, lessons, numbers, reader, passages } =
    readAll(texts, data);
  const { terms, labels, words } = lessons;
  const kinds = makeKinds(data.kinds);
  return {
    passages,
    aliases,
    aliasOwners,
    aliasPassages: onlyMeant(labels),
    wholes: index(
      layOut(
        read.map(({ title, questions, passages }) => ({
          heading: title,
          text: joinRows([...questions, title, ...passages.flatMap(({ heading, text }) => [heading, text])]),
        })),
      ),
    ),
    answers: Int32Array.from(
      texts.articles.flatMap(({ passages }) =>
        passages.map(({ heading, text }) => kinds.answeredBy(heading, text)),
      ),
    ),
    ...saidBy(aliasRows, aliasOwners, quietIn(reader.questionWords, numbers.vocabulary), numbers.vocabulary),
    features,
    passageModel: learns ? learnPassages(terms, labels) : nothingLearned(terms, labels),
    meaning: meaning && placePassages(meaning, words, featureRows(terms, labels.unaided.length), labels),
    vocabulary: numbers.vocabulary.kept(),
    pairs: numbers.pairs.kept(),
  };
}

/** The texts as rows of numbers, each cut once: an article's own texts stand in three of the indexes. */
function readAll({ articles }: KnowledgeTexts, data: SearchData) {
  const reader = makeReader(data);
  const numbers: Numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
  const row = makeRowReader(numbers.vocabulary);
  // Ways of asking are written as people type.
  const writtenOut = makeRowReader(numbers.vocabulary, reader.short);
  const read = articles.map((article) => {
    const passages = article.passages.map(({ heading, text, asks }) => ({
      heading: row(heading),
      text: row(text),
      asks: asks.map(writtenOut),
    }));
    const questions = [...article.questions.map(writtenOut), ...passages.flatMap(({ asks }) => asks)];
    return {
      title: row(article.title),
      questions,
      asked: [...questions, writtenOut(article.title)],
      passages,
    };
  });
  const strangers = data.strangers.map(row);
  const unaided = unaidedOf({ articles }, data);
  const index = (rows: Rows) => indexRows(rows, data.weights.index, reader.synonyms, numbers);
  const passages = indexSpelledRows(
    layOut(
      read.flatMap(({ title, passages }) =>
        passages.map(({ heading, text }) => ({ heading: joinRows([title, heading]), text })),
      ),
    ),
    data.weights.index,
    reader.synonyms,
    numbers,
  );
  const aliasRows = layOut(
    [
      ...read.flatMap(({ asked }) => asked),
      ...strangers,
      ...unaided.map(({ question }) => writtenOut(question)),
    ].map((text) => ({ text })),
  );
  const aliasOwners = Uint16Array.from([
    ...read.flatMap(({ asked }, at) => asked.map(() => at)),
    ...strangers.map(() => articles.length),
    ...unaided.map(({ article }) => article),
  ]);
  const aliases = index(aliasRows);
  const terms = featureTerms({ ...aliases, ...numbers }, aliasRows, data.weights.features);
  const { count, from, passages: having, ...features } = terms;
  const labels = labelsOf({ articles }, data.strangers, unaided);
  const lessons: Lessons = { terms, labels, words: wordNumbers(terms, numbers) };
  return { read, index, aliases, aliasRows, aliasOwners, features, lessons, numbers, reader, passages };
}

/** What somebody asked unaided. */
interface Unaided {
  readonly question: string;
  /** Numbers of the passages that answer it, the best first; none: it is not ours to answer. */
  readonly passages: readonly number[];
  /** Article of the best. */
  readonly article: number;
}

/** Of what was asked unaided, all that names a passage of these articles, and what is not ours to answer. */
function unaidedOf({ articles }: KnowledgeTexts, { asked }: SearchData): Unaided[] {
  const numbers = new Map<string, { readonly passage: number; readonly article: number }>();
  articles.forEach(({ passages }, article) => {
    for (const { id } of passages) numbers.set(id, { passage: numbers.size, article });
  });
  return asked.flatMap(({ question, passages }) => {
    const known = passages.flatMap((id) => numbers.get(id) ?? []);
    if (passages.length > 0 && known.length === 0) return [];
    return [
      {
        question,
        passages: known.map(({ passage }) => passage),
        article: known[0]?.article ?? articles.length,
      },
    ];
  });
}

/** What another passage that answers as well counts beside the best one. */
export const AS_WELL = 0.6;

/** What each way of asking is for, in the order of the aliases: of the article, of each of its passages, its title; then what is not ours, then what was asked unaided. */
function labelsOf(
  { articles }: KnowledgeTexts,
  strangers: readonly string[],
  unaided: readonly Unaided[],
): Labels {
  const from = [0];
  const meant: number[] = [];
  const share: number[] = [];
  const keys: number[] = [];
  const means = (text: string, classes: readonly number[], of: (n: number) => number) => {
    keys.push(hash(text));
    const whole = classes.reduce((sum, _, n) => sum + of(n), 0);
    classes.forEach((c, n) => {
      meant.push(c);
      share.push(of(n) / whole);
    });
    from.push(meant.length);
  };
  const alike = () => 1;
  let passage = 0;
  for (const { title, questions, passages } of articles) {
    const all = passages.map((_, n) => passage + n);
    for (const text of questions) means(text, all, alike);
    for (const { asks } of passages) {
      for (const text of asks) means(text, [passage], alike);
      passage += 1;
    }
    means(title, all, alike);
  }
  for (const text of strangers) means(text, [passage], alike);
  for (const { question, passages } of unaided)
    means(question, passages.length > 0 ? passages : [passage], (n) => (n === 0 ? 1 : AS_WELL));
  const size = from.length - 1;
  return {
    classes: passage + 1,
    from: Uint32Array.from(from),
    meant: Uint16Array.from(meant),
    share: Float32Array.from(share),
    key: Uint32Array.from(keys),
    unaided: Uint8Array.from({ length: size }, (_, d) => (d >= size - unaided.length ? 1 : 0)),
  };
}

/** The passage of each way of asking that is for one. */
function onlyMeant({ classes, from, meant }: Labels): Uint16Array {
  return Uint16Array.from({ length: from.length - 1 }, (_, d) => {
    const begin = from[d] ?? 0;
    return (from[d + 1] ?? 0) - begin === 1 ? (meant[begin] ?? 0) : classes - 1;
  });
}

/** Who said just these words (folded numbers; 0, which nobody has said, among them: nobody). */
export function ownersOf({ key, owner }: Said, row: readonly number[]): number[] {
  const owners: number[] = [];
  if (row.includes(0)) return owners;
  const wanted = keyOf(row, row.length);
  let low = 0;
  let high = key.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((key[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  for (; key[low] === wanted; low++) owners.push(owner[low] ?? 0);
  return owners;
}

/** A number below 2^53 for a row of numbers: of a million rows two share one by chance once in ten thousand collections. */
function keyOf(row: ArrayLike<number>, length: number): number {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < length; i++) {
    const number = row[i] ?? 0;
    one = Math.imul(one ^ number, 0x01000193);
    one ^= one >>> 15;
    other = Math.imul(other + number, 0x85ebca6b);
    other ^= other >>> 13;
  }
  return (one >>> 0) * 0x200000 + (other >>> 11);
}

/** Marks in `isQuiet` the words of asking and politeness among the first `length` of a row of folded numbers. */
type Quiet = (row: Uint32Array, length: number, isQuiet: Uint8Array) => void;

function quietIn(questionWords: Phrases<true>, vocabulary: Vocabulary): Quiet {
  const byFirst = new Map<number, number[][]>();
  for (const { row } of questionWords.entries()) {
    const numbers = row.map(({ fold }) => vocabulary.folded(fold));
    const [first = 0] = numbers;
    if (!numbers.includes(0)) byFirst.set(first, [...(byFirst.get(first) ?? []), numbers]);
  }
  return (row, length, isQuiet) => {
    isQuiet.fill(0, 0, length);
    for (let at = 0; at < length; at++) {
      for (const phrase of byFirst.get(row[at] ?? 0) ?? []) {
        if (at + phrase.length <= length && phrase.every((number, n) => row[at + n] === number))
          isQuiet.fill(1, at, at + phrase.length);
      }
    }
  };
}

function saidBy(
  { stream, begin }: Rows,
  owners: Uint16Array,
  quiet: Quiet,
  { foldOf }: Vocabulary,
): { readonly wordForWord: Said; readonly alike: Said } {
  const size = owners.length;
  const all = new Float64Array(size);
  const telling = new Float64Array(size);
  let longest = 0;
  for (let d = 0; d < size; d++) longest = Math.max(longest, (begin[d + 1] ?? 0) - (begin[d] ?? 0));
  const row = new Uint32Array(longest);
  const kept = new Uint32Array(longest);
  const isQuiet = new Uint8Array(longest);
  for (let d = 0; d < size; d++) {
    let length = 0;
    for (let i = begin[d] ?? 0, end = begin[d + 1] ?? 0; i < end; i++) {
      const folded = foldOf[stream[i] ?? 0] ?? 0;
      if (folded !== 0) row[length++] = folded;
    }
    all[d] = keyOf(row, length);
    quiet(row, length, isQuiet);
    let left = 0;
    for (let i = 0; i < length; i++) if (isQuiet[i] === 0) kept[left++] = row[i] ?? 0;
    // All of them where hardly anything else is said.
    telling[d] = left > 1 ? keyOf(kept, left) : (all[d] ?? 0);
  }
  return { wordForWord: ordered(all, owners), alike: ordered(telling, owners) };
}

/** By their keys, each owner of a key once. */
function ordered(keys: Float64Array, owners: Uint16Array): Said {
  const order = Uint32Array.from(keys, (_, at) => at).sort(
    (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || (owners[a] ?? 0) - (owners[b] ?? 0),
  );
  const key = new Float64Array(order.length);
  const owner = new Uint16Array(order.length);
  let length = 0;
  for (const at of order) {
    if (length > 0 && key[length - 1] === keys[at] && owner[length - 1] === owners[at]) continue;
    key[length] = keys[at] ?? 0;
    owner[length++] = owners[at] ?? 0;
  }
  return { key: key.slice(0, length), owner: owner.slice(0, length) };
}

/** False where there was no time to learn what each passage is asked for. */
export function hasLearned({ passageModel }: KnowledgeIndex): boolean {
  return passageModel.trust.some((trust) => trust > 0);
}
