/**
 * The index of our knowledge in one language: texts in, rows of numbers out. It is plain data made of plain data, so that
 * another process can make it and a file can keep it; the same texts and tuning always give the same index.
 */

import type { Article } from "../knowledge/article.ts";
import type { Lang } from "../message.ts";
import { type BayesModel, featureTerms, learnBayes } from "./bayes.ts";
import { indexRows, indexSpelledRows, type Numbers, type Postings, type Spellings } from "./index.ts";
import { makeKinds } from "./kinds.ts";
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
      passages: article.passages.map(({ heading, text, asks }) => ({
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
  readonly passages: Postings & Spellings;
  /** Ways of asking, and behind them what is not ours to answer, so that both are measured alike. */
  readonly aliases: Postings;
  /** Articles as one text; all ways of asking of each as one text; the same of each passage. */
  readonly wholes: Postings;
  readonly questions: Postings;
  readonly asks: Postings;
  /** Article of each of the aliases; one behind the last for what is not ours. */
  readonly aliasOwners: Uint16Array;
  /** For each passage the kinds of question that it answers (`kinds.ts`). */
  readonly answers: Int32Array;
  /** Owners of the aliases by all their words, and without words of asking and politeness. */
  readonly wordForWord: Said;
  readonly alike: Said;
  readonly bayes: BayesModel;
  readonly passageModel: PassageModel;
}

/**
 * `data` is that of the texts' language. Linear in the texts: four to five seconds for 45,000 ways of asking, or one second
 * when nothing is learned of what each passage is asked for, which ranks a little worse.
 */
export function indexKnowledge(
  { articles }: KnowledgeTexts,
  data: SearchData,
  { learns = true }: { readonly learns?: boolean } = {},
): KnowledgeIndex {
  const reader = makeReader(data);
  const numbers: Numbers = { vocabulary: makeVocabulary(), pairs: makePairs() };
  const row = makeRowReader(numbers.vocabulary);
  // Ways of asking are written as people type.
  const writtenOut = makeRowReader(numbers.vocabulary, reader.short);
  // Each text is cut once: an article's own texts stand in three of the indexes.
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
  const aliasRows = layOut([...read.flatMap(({ asked }) => asked), ...strangers].map((text) => ({ text })));
  const aliases = index(aliasRows);
  const aliasOwners = Uint16Array.from([
    ...read.flatMap(({ asked }, at) => asked.map(() => at)),
    ...strangers.map(() => articles.length),
  ]);
  const kinds = makeKinds(data.kinds);
  const features = featureTerms({ ...aliases, ...numbers }, aliasRows, data.weights.bayes);
  const labels = labelsOf({ articles }, aliasOwners);
  const { smoothing } = data.weights.bayes;
  return {
    passages,
    aliases,
    wholes: index(
      layOut(
        read.map(({ title, questions, passages }) => ({
          heading: title,
          text: joinRows([...questions, title, ...passages.flatMap(({ heading, text }) => [heading, text])]),
        })),
      ),
    ),
    questions: index(layOut(read.map(({ title, questions }) => ({ text: joinRows([...questions, title]) })))),
    asks: index(
      layOut(
        read.flatMap(({ passages }) =>
          passages.map(({ heading, asks }) => ({ text: joinRows([heading, ...asks]) })),
        ),
      ),
    ),
    aliasOwners,
    answers: Int32Array.from(
      articles.flatMap(({ passages }) =>
        passages.map(({ heading, text }) => kinds.answeredBy(heading, text)),
      ),
    ),
    ...saidBy(aliasRows, aliasOwners, quietIn(reader.questionWords, numbers.vocabulary), numbers.vocabulary),
    bayes: learnBayes(features, aliases.size, aliasOwners, articles.length + 1, smoothing),
    passageModel: learns ? learnPassages(features, labels) : nothingLearned(features, labels),
    vocabulary: numbers.vocabulary.kept(),
    pairs: numbers.pairs.kept(),
  };
}

/** What each way of asking is for, in the order of `asked` above: of the article, of each of its passages, its title. */
function labelsOf({ articles }: KnowledgeTexts, articleOf: Uint16Array): Labels {
  const passageOf = new Int32Array(articleOf.length).fill(-1);
  const begins = new Uint32Array(articles.length + 1);
  let way = 0;
  let passage = 0;
  articles.forEach(({ questions, passages }, at) => {
    begins[at] = passage;
    way += questions.length;
    for (const { asks } of passages) {
      passageOf.fill(passage, way, way + asks.length);
      way += asks.length;
      passage += 1;
    }
    way += 1;
  });
  begins[articles.length] = passage;
  return { passageOf, articleOf, begins };
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
