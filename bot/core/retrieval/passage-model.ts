/**
 * Which passage a question asks for, learned from ways of asking: one multinomial logistic regression over all passages and
 * what is not ours, over the features of `features.ts`, by stochastic gradient descent (Bishop, "Pattern Recognition and
 * Machine Learning", 2006, 4.3.4). Ways of asking that authors wrote for a passage teach its words; questions that test writers
 * wrote before they had seen any passage also teach how often each is meant, and which passages are as good as one another.
 */

import { mix } from "../hash.ts";
import { type FeatureRows, type Features, featureRows, featuresOf, type Terms } from "./features.ts";
import { best } from "./highest.ts";
import type { Numbers } from "./index.ts";
import { densityAt, type Meaning, nearnessTo, pointOf } from "./meaning.ts";
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
  /** Passages, and one behind them for what is not ours to answer. */
  readonly classes: number;
  /** Where the classes of each way of asking begin, and behind the last where they end. */
  readonly from: Uint32Array;
  readonly meant: Uint16Array;
  /** How much each is meant; 1 together. */
  readonly share: Float32Array;
  /** 1 for what test writers asked before they had seen any passage. */
  readonly unaided: Uint8Array;
  /** A number of each one's words. By it they are taken in turn, so that a change of some teaches little else of the others. */
  readonly key: Uint32Array;
}

const EPOCHS = 3;
/** The first epoch's step; it falls to 0 with the last. */
const STEP = 1.6;
/** What test writers asked unaided counts so much more: it is nearest to what will be asked. */
const UNAIDED = 8;
/** Each way that an author wrote for a passage is looked at once, in one of the epochs, because an editor waits for what is learned; so it counts this much. */
const ONCE = 1.5;
/** A class's bias learns so much more slowly than its weights. */
const BIAS_STEP = 0.01;
/** Chances that are off by less are left alone: most classes have nothing to do with a question. It finds no less, and the model stays small. */
const SLIGHT = 0.01;
/** From so many ways of asking on, a passage's own or its share of its article's, it is believed. */
const ENOUGH_WAYS = 10;
/** A feature that more than one passage in so many has gets a weight for all: that others lack it tells of them too. */
const WIDE = 4;

/** Deterministic. Some seconds for 55,000 ways of asking for 800 passages. */
export function learnPassages(terms: Terms, labels: Labels): PassageModel {
  const { classes, meant, share, unaided, key } = labels;
  const rows = featureRows(terms, unaided.length);
  const { from, passages } = pairsOf(terms, rows, labels);
  const weight = new Float32Array(passages.length);
  const bias = new Float32Array(classes);
  const chances = new Float32Array(classes);
  const who = new Uint16Array(classes);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const step = STEP * (1 - epoch / EPOCHS);
    const looked = rows.used.filter((d) => unaided[d] === 1 || (key[d] ?? 0) % EPOCHS === epoch);
    for (const d of inTurn(looked, key, epoch)) learnOne(d, unaided[d] === 1 ? UNAIDED * step : ONCE * step);
  }
  return { ...withoutNothing(from, passages, weight), bias, trust: trustIn(labels) };

  function learnOne(d: number, step: number): void {
    const [rowFrom, rowEnd] = [rows.from[d] ?? 0, rows.from[d + 1] ?? 0];
    chances.set(bias);
    for (let i = rowFrom; i < rowEnd; i++) {
      const [begin, last] = [from[rows.term[i] ?? 0] ?? 0, from[(rows.term[i] ?? 0) + 1] ?? 0];
      if (last - begin === classes) addWide(rows.value[i] ?? 0, begin);
      else addNarrow(rows.value[i] ?? 0, begin, last);
    }
    softmax(chances);
    for (let i = labels.from[d] ?? 0, end = labels.from[d + 1] ?? 0; i < end; i++) {
      const c = meant[i] ?? 0;
      chances[c] = (chances[c] ?? 0) - (share[i] ?? 0);
    }
    // From here on they are what each class is off by, times the step.
    let moved = 0;
    for (let c = 0; c < classes; c++) {
      const off = chances[c] ?? 0;
      if (off > -SLIGHT && off < SLIGHT) chances[c] = 0;
      else {
        chances[c] = step * off;
        who[moved++] = c;
        bias[c] = (bias[c] ?? 0) - BIAS_STEP * step * off;
      }
    }
    for (let i = rowFrom; moved > 0 && i < rowEnd; i++) {
      const x = rows.value[i] ?? 0;
      const [begin, last] = [from[rows.term[i] ?? 0] ?? 0, from[(rows.term[i] ?? 0) + 1] ?? 0];
      if (last - begin === classes) moveWide(x, begin, moved);
      else moveNarrow(x, begin, last);
    }
  }

  // Nearly all of the time is spent in these four: small, so that they are made into machine code soon.
  function addNarrow(x: number, begin: number, last: number): void {
    for (let k = begin; k < last; k++) {
      const c = passages[k] ?? 0;
      chances[c] = (chances[c] ?? 0) + x * (weight[k] ?? 0);
    }
  }
  function addWide(x: number, begin: number): void {
    for (let c = 0; c < classes; c++) chances[c] = (chances[c] ?? 0) + x * (weight[begin + c] ?? 0);
  }
  function moveWide(x: number, begin: number, moved: number): void {
    for (let n = 0; n < moved; n++) {
      const c = who[n] ?? 0;
      weight[begin + c] = (weight[begin + c] ?? 0) - x * (chances[c] ?? 0);
    }
  }
  function moveNarrow(x: number, begin: number, last: number): void {
    for (let k = begin; k < last; k++) weight[k] = (weight[k] ?? 0) - x * (chances[passages[k] ?? 0] ?? 0);
  }
}

/** How far what was learned of each class is believed. */
function trustIn({ classes, from, meant, share, unaided }: Labels): Float32Array {
  const ways = new Float32Array(classes);
  for (let d = 0; d < unaided.length; d++)
    for (let i = from[d] ?? 0, end = from[d + 1] ?? 0; i < end; i++)
      ways[meant[i] ?? 0] = (ways[meant[i] ?? 0] ?? 0) + (share[i] ?? 0);
  const strangers = classes - 1;
  const notOurs = ways[strangers] ?? 0;
  return ways.map((own, c) =>
    // Beside few ways of asking of ours nearly every word looks like somebody else's.
    Math.min(
      1,
      c === strangers ? (unaided.length - notOurs) / (ENOUGH_WAYS * Math.max(1, notOurs)) : own / ENOUGH_WAYS,
    ),
  );
}

/** For when there is no time to learn: nothing is claimed of any passage. */
export function nothingLearned({ count }: Terms, { classes }: Labels): PassageModel {
  return {
    from: new Uint32Array(count + 1),
    passages: new Uint16Array(0),
    weight: new Float32Array(0),
    bias: new Float32Array(classes),
    trust: new Float32Array(classes),
  };
}

/** What is believed of a question. */
export interface Meant {
  /** For each passage its likelihood from 0 (below one in 160,000) to 1 (certain), on a logarithmic scale; in between where little is known of the passage. */
  readonly likely: Float32Array;
  /** The chance of each passage, and last that it is not ours to answer; 0 where nothing was learned. */
  readonly chance: Float32Array;
  /** How likely it is, on the scale of `likely`, that it is not ours to answer. */
  readonly stranger: number;
}

/** A chance on the scale of `likely`: 0 below one in 160,000, 1 certain. */
export function likelihood(chance: number): number {
  return Math.max(0, 1 - Math.log(chance) / LEAST_LOG);
}

/** The natural logarithm of the least chance that is told from none: one in 160,000. */
const LEAST_LOG = -12;
/** What is taken to be likely of a passage that nobody asked for: its own words have to speak for it. */
const NOT_KNOWN = 0.7;
/** Likewise of what is not ours: so much that an answer needs more that speaks for it. */
export const STRANGER_NOT_KNOWN = 0.5;

/** Of how likely a passage is so much is by what its questions mean, the rest by their words. */
const BY_MEANING = 0.5;
/** How fast it grows likely with nearness: a question as near as can be to one passage and at a right angle to another is e^20 times likelier meant for the first. */
const SHARPNESS = 20;
/** For so many of the likeliest passages it is looked where each of their ways of asking lies. */
const LOOKED_AT = 12;
/** The share of what lies around a question that is taken to be any passage's. */
const ANYWHERE = 0.003;

/** Reads a question of the index's language. */
export function makePassageScores(
  pairs: Numbers["pairs"],
  features: Features,
  model: PassageModel,
  meaning: Meaning | null,
): (asked: Asked) => Meant {
  const { from, passages, weight, bias, trust } = model;
  const nothing = (): Meant => ({
    likely: trust.map(() => NOT_KNOWN),
    chance: new Float32Array(bias.length),
    stranger: STRANGER_NOT_KNOWN,
  });
  return (asked) => {
    const wanted = [...featuresOf(asked, pairs, features)].filter(
      ([term]) => (from[term] ?? 0) < (from[term + 1] ?? 0),
    );
    let square = 0;
    for (const [term, worth] of wanted) square += (worth * (features.value[term] ?? 0)) ** 2;
    // Of a question without a known word nothing is claimed.
    if (square === 0) return nothing();
    const chance = bias.slice();
    const unit = 1 / Math.sqrt(square);
    for (const [term, worth] of wanted) {
      const x = worth * (features.value[term] ?? 0) * unit;
      for (let k = from[term] ?? 0, end = from[term + 1] ?? 0; k < end; k++) {
        const c = passages[k] ?? 0;
        chance[c] = (chance[c] ?? 0) + x * (weight[k] ?? 0);
      }
    }
    const strangers = bias.length - 1;
    const point = meaning && pointOf(meaning, ...worthOf(wanted, features));
    const together =
      point &&
      nearnessTo(meaning, point).map(
        (n, p) => (1 - BY_MEANING) * (chance[p] ?? 0) + BY_MEANING * SHARPNESS * n,
      );
    softmax(chance);
    if (together) {
      // What is not ours lies everywhere: of that only the words tell.
      softmax(together);
      weighByWays(together, meaning, point);
      const ours = 1 - (chance[strangers] ?? 0);
      together.forEach((p, at) => {
        chance[at] = ours * p;
      });
    }
    const likely = chance.map((p, c) => NOT_KNOWN + (trust[c] ?? 0) * (likelihood(p) - NOT_KNOWN));
    const believed = chance.map((p, c) => p * (trust[c] ?? 0));
    return { likely, chance: believed, stranger: likelihood(believed[strangers] ?? 0) };
  };
}

/** The terms, and what each counts. */
function worthOf(
  wanted: readonly (readonly [number, number])[],
  { value }: Features,
): [terms: number[], worth: number[]] {
  return [wanted.map(([term]) => term), wanted.map(([term, worth]) => worth * (value[term] ?? 0))];
}

/** Chances of passages, in place, with what their ways of asking near a question's point say: as the square root, for the words and the middle said it too. */
function weighByWays(chance: Float32Array, meaning: Meaning, point: Float32Array): void {
  const looked = best(chance, LOOKED_AT);
  const density = Float64Array.from(looked, (passage) => densityAt(meaning, passage, point));
  const around = density.reduce((sum, d) => sum + d, 0);
  if (around === 0) return;
  const weight = new Float32Array(chance.length).fill(Math.sqrt(ANYWHERE));
  looked.forEach((passage, i) => {
    weight[passage] = Math.sqrt((density[i] ?? 0) / around + ANYWHERE);
  });
  let all = 0;
  chance.forEach((p, at) => {
    const weighed = p * (weight[at] ?? 0);
    chance[at] = weighed;
    all += weighed;
  });
  chance.forEach((p, at) => {
    chance[at] = p / all;
  });
}

/** Sums become chances, in place. */
export function softmax(sums: Float32Array): void {
  const classes = sums.length;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) highest = Math.max(highest, sums[c] ?? 0);
  let all = 0;
  for (let c = 0; c < classes; c++) {
    const below = (sums[c] ?? 0) - highest;
    // What is told from none by nobody is not worth its time.
    const likely = below > LEAST_LOG ? Math.exp(below) : 0;
    sums[c] = likely;
    all += likely;
  }
  const share = 1 / all;
  for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) * share;
}

/** For each feature the classes whose ways of asking have it, or all, in their order. */
function pairsOf(
  { count, from, passages }: Terms,
  rows: FeatureRows,
  { classes, from: begins, meant }: Labels,
): Pick<PassageModel, "from" | "passages"> {
  const counted = new Uint8Array(count);
  for (let i = 0; i < rows.term.length; i++) counted[rows.term[i] ?? 0] = 1;
  const begin = new Uint32Array(count + 1);
  const last = new Int32Array(classes).fill(-1);
  const found: number[] = [];
  for (let t = 0; t < count; t++) {
    if (counted[t] === 1) {
      const start = found.length;
      for (let i = from[t] ?? 0, stop = from[t + 1] ?? 0; i < stop; i++) {
        const d = passages[i] ?? 0;
        for (let n = begins[d] ?? 0, past = begins[d + 1] ?? 0; n < past; n++) {
          const c = meant[n] ?? 0;
          if (last[c] === t) continue;
          last[c] = t;
          found.push(c);
        }
      }
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
const NOTHING = 0.05;

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

/** Room for so many ways of asking beside a number of 32 bits, in a number that is kept whole. */
const MOST_WAYS = 2 ** 20;

/** As if shuffled, in each epoch otherwise, by what the ways of asking say and not by where they stand. */
export function inTurn(ways: readonly number[], key: Uint32Array, epoch: number): number[] {
  const mixed = Float64Array.from(ways, (d) => mix(key[d] ?? 0, epoch) * MOST_WAYS + d).sort();
  return Array.from(mixed, (one) => one % MOST_WAYS);
}
