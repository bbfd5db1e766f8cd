/**
 * Which passage a question asks for, learned from the ways of asking: for each passage a linear classifier against all
 * others, over the same features as `bayes.ts`. Where Bayes adds up how each word is spread, this weighs the words
 * together until the right passage stands before its neighbours (squared hinge with a margin of 1 and L2 decay, learned by
 * stochastic gradient descent; the loss is that of LIBLINEAR's L2-loss SVM, Fan et al., JMLR 9, 2008).
 */

import { type BayesModel, featuresOf, type Terms } from "./bayes.ts";
import type { Index } from "./index.ts";
import type { Asked } from "./query.ts";

/** Weights for what a passage's own ways of asking have, and of all for what is usual: rows of numbers, so that they can be kept in a file. */
export interface PassageModel {
  /** Where the weights of each feature begin. */
  readonly from: Uint32Array;
  /** Passage of each weight; one behind the last stands for what is not ours to answer. */
  readonly passages: Uint16Array;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  /** How far each is believed, 0 to 1: what few ways of asking teach is mostly chance. */
  readonly trust: Float32Array;
}

/** What the ways of asking are for. */
export interface Labels {
  /** For each way of asking its passage; -1: for the whole article. */
  readonly passageOf: Int32Array;
  /** For each its article; as many as there are articles: not ours to answer. */
  readonly articleOf: Uint16Array;
  /** First passage of each article, and behind the last article how many passages there are. */
  readonly begins: Uint32Array;
}

const EPOCHS = 5;
/** The first epoch's step; it falls to 0 with the last. */
const STEP = 0.5;
/** Of the weights, for each example and unit of step. Three times as much finds strangers' questions a point worse. */
const DECAY = 1e-5;
/** The decay is taken so many examples at a time. */
const DECAY_EVERY = 4_000;
/** A passage's bias learns so much more slowly than its weights. */
const BIAS_STEP = 0.1;
/** From so many ways of asking on, a passage's own or its share of its article's, it is believed. */
const ENOUGH_WAYS = 10;
/** What only one way of asking has, teaches nothing about others. */
const LEAST = 2;
/** A feature that more than one passage in so many has gets a weight for all: that others lack it tells of them too. */
const WIDE = 16;

/** Deterministic. Some seconds for 35,000 ways of asking for 700 passages. */
export function learnPassages(terms: Terms, { passageOf, articleOf, begins }: Labels): PassageModel {
  const rows = rowsOf(terms, passageOf.length);
  const articles = begins.length - 1;
  const strangers = begins[articles] ?? 0;
  const classes = strangers + 1;
  /** The classes that may be meant by a way of asking: one, or those of its article. */
  const first = (d: number) => {
    const own = passageOf[d] ?? -1;
    return own >= 0 ? own : (begins[articleOf[d] ?? articles] ?? strangers);
  };
  const end = (d: number) => {
    const own = passageOf[d] ?? -1;
    const article = articleOf[d] ?? articles;
    return own >= 0 ? own + 1 : article === articles ? classes : (begins[article + 1] ?? strangers);
  };
  const { from, passages } = pairsOf(terms, rows, classes, first, end);
  const weight = new Float32Array(passages.length);
  // All but one are another's question: each begins where that is true.
  const bias = new Float32Array(classes).fill(-1);
  const scores = new Float32Array(classes);
  const moves = new Float32Array(classes);
  const who = new Uint16Array(classes);
  // The look at a way of asking in which each class was last considered.
  const seen = new Uint32Array(classes);
  let look = 0;
  let count = 0;
  const order = Uint32Array.from(rows.used);
  const chance = makeChance();
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const step = STEP * (1 - epoch / EPOCHS);
    shuffle(order, chance);
    for (let n = 0; n < order.length; n++) {
      learnOne(order[n] ?? 0, step);
      if ((n + 1) % DECAY_EVERY === 0) decay(1 - DECAY * DECAY_EVERY * step);
    }
    decay(1 - DECAY * (order.length % DECAY_EVERY) * step);
  }
  const trust = new Float32Array(classes);
  for (let d = 0; d < passageOf.length; d++) {
    const share = 1 / ENOUGH_WAYS / (end(d) - first(d));
    for (let c = first(d); c < end(d); c++) trust[c] = Math.min(1, (trust[c] ?? 0) + share);
  }
  // Beside few ways of asking of ours nearly every word looks like somebody else's.
  const notOurs = articleOf.filter((article) => article === articles).length;
  trust[strangers] = Math.min(1, (articleOf.length - notOurs) / (ENOUGH_WAYS * Math.max(1, notOurs)));
  return { ...withoutNothing(from, passages, weight), bias, trust };

  /** Only passages that share a word with it which not all have, and those that are meant, can be too near. */
  function learnOne(d: number, step: number): void {
    const [rowFrom, rowEnd] = [rows.from[d] ?? 0, rows.from[d + 1] ?? 0];
    const [lowest, highest] = [first(d), end(d)];
    count = 0;
    look++;
    for (let c = lowest; c < highest; c++) consider(c);
    for (let i = rowFrom; i < rowEnd; i++) {
      const [begin, last] = [from[rows.term[i] ?? 0] ?? 0, from[(rows.term[i] ?? 0) + 1] ?? 0];
      if (last - begin < classes) addNarrow(rows.value[i] ?? 0, begin, last);
    }
    for (let i = rowFrom; i < rowEnd; i++) {
      const [begin, last] = [from[rows.term[i] ?? 0] ?? 0, from[(rows.term[i] ?? 0) + 1] ?? 0];
      if (last - begin === classes) addWide(rows.value[i] ?? 0, begin);
    }
    // Where the whole article is asked for, each of its passages is meant as much as the others.
    const share = step / (highest - lowest);
    let moved = 0;
    for (let n = 0; n < count; n++) {
      const c = who[n] ?? 0;
      const score = scores[c] ?? 0;
      const isMeant = c >= lowest && c < highest;
      const short = isMeant ? 1 - score : 1 + score;
      const move = short > 0 ? (isMeant ? share : -step) * short : 0;
      moves[c] = move;
      if (move === 0) continue;
      who[moved++] = c;
      bias[c] = (bias[c] ?? 0) + BIAS_STEP * move;
    }
    for (let i = rowFrom; moved > 0 && i < rowEnd; i++) {
      const x = rows.value[i] ?? 0;
      const [begin, last] = [from[rows.term[i] ?? 0] ?? 0, from[(rows.term[i] ?? 0) + 1] ?? 0];
      if (last - begin === classes) moveWide(x, begin, moved);
      else moveNarrow(x, begin, last);
    }
  }

  function consider(c: number): void {
    if (seen[c] === look) return;
    seen[c] = look;
    scores[c] = bias[c] ?? 0;
    who[count++] = c;
  }
  // Nearly all of the time is spent in these four: small, so that they are made into machine code soon.
  function addNarrow(x: number, begin: number, last: number): void {
    for (let k = begin; k < last; k++) {
      const c = passages[k] ?? 0;
      consider(c);
      scores[c] = (scores[c] ?? 0) + x * (weight[k] ?? 0);
    }
  }
  function addWide(x: number, begin: number): void {
    for (let n = 0; n < count; n++) {
      const c = who[n] ?? 0;
      scores[c] = (scores[c] ?? 0) + x * (weight[begin + c] ?? 0);
    }
  }
  function moveWide(x: number, begin: number, moved: number): void {
    for (let n = 0; n < moved; n++) {
      const c = who[n] ?? 0;
      weight[begin + c] = (weight[begin + c] ?? 0) + x * (moves[c] ?? 0);
    }
  }
  function moveNarrow(x: number, begin: number, last: number): void {
    for (let k = begin; k < last; k++) weight[k] = (weight[k] ?? 0) + x * (moves[passages[k] ?? 0] ?? 0);
  }

  function decay(by: number): void {
    for (let k = 0; k < weight.length; k++) weight[k] = (weight[k] ?? 0) * by;
  }
}

/** For when there is no time to learn: nothing is claimed of any passage. */
export function nothingLearned({ count }: Terms, { begins }: Labels): PassageModel {
  const classes = (begins.at(-1) ?? 0) + 1;
  return {
    from: new Uint32Array(count + 1),
    passages: new Uint16Array(0),
    weight: new Float32Array(0),
    bias: new Float32Array(classes),
    trust: new Float32Array(classes),
  };
}

/** One score for each passage and, last, for what is not ours to answer: 2 where it is meant, 0 where it is not, or nothing is known of it. */
export function makePassageScores(
  index: Index,
  features: Pick<BayesModel, "markBase" | "firstBase" | "value">,
  model: PassageModel,
): (asked: Asked) => Float32Array {
  const { from, passages, weight, bias, trust } = model;
  return (asked) => {
    const wanted = [...featuresOf(asked, index, features)].filter(
      ([term]) => (from[term] ?? 0) < (from[term + 1] ?? 0),
    );
    let square = 0;
    for (const [term, worth] of wanted) square += (worth * (features.value[term] ?? 0)) ** 2;
    // Of a question without a known word nothing is claimed.
    if (square === 0) return new Float32Array(bias.length);
    const scores = bias.slice();
    const unit = 1 / Math.sqrt(square);
    for (const [term, worth] of wanted) {
      const x = worth * (features.value[term] ?? 0) * unit;
      for (let k = from[term] ?? 0, end = from[term + 1] ?? 0; k < end; k++) {
        const c = passages[k] ?? 0;
        scores[c] = (scores[c] ?? 0) + x * (weight[k] ?? 0);
      }
    }
    // What was learned to be none of it counts as much as what was never asked.
    return scores.map((score, c) => Math.max(0, 1 + score) * (trust[c] ?? 0));
  };
}

/** Each way of asking as a row of features of length 1. */
interface FeatureRows {
  readonly from: Uint32Array;
  readonly term: Uint32Array;
  readonly value: Float32Array;
  /** Those that have any. */
  readonly used: readonly number[];
}

function rowsOf({ count, value, from, passages }: Terms, size: number): FeatureRows {
  const teaches = (t: number) => (from[t + 1] ?? 0) - (from[t] ?? 0) >= LEAST && (value[t] ?? 0) > 0;
  const begin = new Uint32Array(size + 1);
  const square = new Float64Array(size);
  for (let t = 0; t < count; t++) {
    if (!teaches(t)) continue;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      begin[d + 1] = (begin[d + 1] ?? 0) + 1;
      square[d] = (square[d] ?? 0) + (value[t] ?? 0) ** 2;
    }
  }
  for (let d = 0; d < size; d++) begin[d + 1] = (begin[d + 1] ?? 0) + (begin[d] ?? 0);
  const next = begin.slice(0, size);
  const term = new Uint32Array(begin[size] ?? 0);
  const row = new Float32Array(term.length);
  for (let t = 0; t < count; t++) {
    if (!teaches(t)) continue;
    for (let i = from[t] ?? 0, end = from[t + 1] ?? 0; i < end; i++) {
      const d = passages[i] ?? 0;
      const at = next[d] ?? 0;
      next[d] = at + 1;
      term[at] = t;
      row[at] = (value[t] ?? 0) / Math.sqrt(square[d] ?? 1);
    }
  }
  const used: number[] = [];
  for (let d = 0; d < size; d++) if ((begin[d + 1] ?? 0) > (begin[d] ?? 0)) used.push(d);
  return { from: begin, term, value: row, used };
}

/** For each feature the classes whose ways of asking have it, or all, in their order. */
function pairsOf(
  { count, from, passages }: Terms,
  rows: FeatureRows,
  classes: number,
  first: (d: number) => number,
  end: (d: number) => number,
): Pick<PassageModel, "from" | "passages"> {
  const counted = new Uint8Array(count);
  for (let i = 0; i < rows.term.length; i++) counted[rows.term[i] ?? 0] = 1;
  const begin = new Uint32Array(count + 1);
  const last = new Int32Array(classes).fill(-1);
  const found: number[] = [];
  for (let t = 0; t < count; t++) {
    if (counted[t] === 1) {
      for (let i = from[t] ?? 0, stop = from[t + 1] ?? 0; i < stop; i++) {
        const d = passages[i] ?? 0;
        for (let c = first(d), past = end(d); c < past; c++) {
          if (last[c] === t) continue;
          last[c] = t;
          found.push(c);
        }
      }
      const start = begin[t] ?? 0;
      if ((found.length - start) * WIDE > classes) {
        found.length = start;
        for (let c = 0; c < classes; c++) found.push(c);
      }
    }
    begin[t + 1] = found.length;
  }
  return { from: begin, passages: Uint16Array.from(found) };
}

/** Below this a weight tells nothing. */
const NOTHING = 0.005;

function withoutNothing(
  from: Uint32Array,
  passages: Uint16Array,
  weight: Float32Array,
): Pick<PassageModel, "from" | "passages" | "weight"> {
  const begin = new Uint32Array(from.length);
  const kept = weight.map((w) => (Math.abs(w) < NOTHING ? 0 : w));
  let at = 0;
  for (let t = 0; t + 1 < from.length; t++) {
    for (let k = from[t] ?? 0, end = from[t + 1] ?? 0; k < end; k++) {
      if (kept[k] === 0) continue;
      kept[at] = kept[k] ?? 0;
      passages[at++] = passages[k] ?? 0;
    }
    begin[t + 1] = at;
  }
  return { from: begin, passages: passages.slice(0, at), weight: kept.slice(0, at) };
}

/** Always the same row of numbers from 0 to 1: the same ways of asking teach the same (Numerical Recipes' linear congruences). */
function makeChance(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffle(order: Uint32Array, chance: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    const one = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = one;
  }
}
