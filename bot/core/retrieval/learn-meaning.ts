/** Learns what words mean to who asks (`meaning.ts`): by stochastic gradient descent with steps that shrink (AdaGrad; Duchi et al., JMLR 12, 2011). */

import { mix } from "../hash.ts";
import { packWeights } from "../weights.ts";
import type { FeatureRows } from "./features.ts";
import type { LearnedWords } from "./meaning.ts";
import { inTurn, type Labels, softmax } from "./passage-model.ts";

/** Dimensions. With 64 a question in a hundred fewer finds its passage first; with 128 half of one more. */
const WIDTH = 96;
const EPOCHS = 12;
/** The first epoch's step; it falls to 0 with the last. */
const STEP = 0.3;
/** Ways of asking that are looked at together. */
const BATCH = 128;
/** What was asked unaided counts so much more. */
const UNAIDED = 4;
/** These shares of a question's words, and of the dimensions, are hidden at each look, so that none is relied on alone. */
const HIDDEN_WORDS = 0.55;
const HIDDEN_DIMENSIONS = 0.2;
/** How far from the middle words begin: a rare word hardly moves, and with ten times as much it says what chance gave it. */
const SPREAD = 0.05;
/** Squares of steps begin with this, so that the first is not without bounds. */
const BEGIN = 1e-4;
/**
 * Chances that are off by less are left alone. Less than a class's chance before anything is learned (one in a thousand here):
 * with that much nothing ever pushed the others away, and five questions in a hundred fewer found their passage.
 */
const SLIGHT = 1e-4;

/** Deterministic. `numbers`: `wordNumbers` of the same collection. Minutes for 60,000 ways of asking. */
export function learnMeaning(rows: FeatureRows, labels: Labels, numbers: Int32Array): LearnedWords {
  const { classes, unaided, key } = labels;
  const words = wordsIn(rows, numbers);
  const at = new Map(words.map((term, row) => [term, row]));
  const word = new Float32Array(words.length * WIDTH);
  words.forEach((term, row) => {
    let chance = mix(numbers[term] ?? 0, 5);
    for (let k = 0; k < WIDTH; k++) {
      chance = mix(chance, 6);
      word[row * WIDTH + k] = SPREAD * ((2 * chance) / 2 ** 32 - 1);
    }
  });
  const wordSquares = new Float32Array(words.length).fill(BEGIN);
  const passage = new Float32Array(classes * WIDTH);
  const passageSquares = new Float32Array(classes * WIDTH).fill(BEGIN);
  const bias = new Float32Array(classes);
  const rowOfTerm = Int32Array.from(rows.term, (term) => at.get(term) ?? -1);

  const longest = Math.max(0, ...rows.used.map((d) => (rows.from[d + 1] ?? 0) - (rows.from[d] ?? 0)));
  const shown = new Int32Array(BATCH * longest);
  const worth = new Float32Array(BATCH * longest);
  const end = new Int32Array(BATCH + 1);
  const point = new Float32Array(WIDTH);
  const open = new Uint8Array(WIDTH);
  const off = new Float32Array(classes);
  const back = new Float32Array(WIDTH);
  const passageMove = new Float32Array(classes * WIDTH);
  const biasMove = new Float32Array(classes);
  const isMoved = new Uint8Array(classes);
  const wordMove = new Float32Array(BATCH * longest * WIDTH);
  const wordAt = new Map<number, number>();

  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const step = STEP * (1 - epoch / EPOCHS);
    const order = inTurn(rows.used, key, epoch);
    for (let from = 0; from < order.length; from += BATCH)
      learnBatch(order.slice(from, from + BATCH), epoch, step);
  }
  return stored(word, words, numbers);

  function learnBatch(batch: readonly number[], epoch: number, step: number): void {
    wordAt.clear();
    isMoved.fill(0);
    biasMove.fill(0);
    batch.forEach((d, n) => {
      let chance = mix(mix(key[d] ?? 0, epoch), 7);
      // What is shown of it.
      let to = n === 0 ? 0 : (end[n] ?? 0);
      for (let i = rows.from[d] ?? 0, last = rows.from[d + 1] ?? 0; i < last; i++) {
        chance = mix(chance, 8);
        const row = rowOfTerm[i] ?? -1;
        if (row < 0 || chance < HIDDEN_WORDS * 2 ** 32) continue;
        shown[to] = row;
        worth[to++] = (rows.value[i] ?? 0) / Math.sqrt(1 - HIDDEN_WORDS);
      }
      end[n + 1] = to;
      point.fill(0);
      for (let i = end[n] ?? 0; i < to; i++) addTo(point, word, (shown[i] ?? 0) * WIDTH, worth[i] ?? 0);
      for (let k = 0; k < WIDTH; k++) {
        chance = mix(chance, 9);
        open[k] = chance < HIDDEN_DIMENSIONS * 2 ** 32 ? 0 : 1;
        point[k] = open[k] === 1 ? (point[k] ?? 0) / (1 - HIDDEN_DIMENSIONS) : 0;
      }
      // How far off each class's chance is.
      for (let c = 0; c < classes; c++) off[c] = (bias[c] ?? 0) + dot(point, passage, c * WIDTH);
      softmax(off);
      for (let i = labels.from[d] ?? 0, last = labels.from[d + 1] ?? 0; i < last; i++) {
        const c = labels.meant[i] ?? 0;
        off[c] = (off[c] ?? 0) - (labels.share[i] ?? 0);
      }
      const counts = (unaided[d] === 1 ? UNAIDED : 1) / BATCH;
      back.fill(0);
      for (let c = 0; c < classes; c++) {
        const e = off[c] ?? 0;
        if (e > -SLIGHT && e < SLIGHT) continue;
        if (isMoved[c] === 0) {
          isMoved[c] = 1;
          passageMove.fill(0, c * WIDTH, (c + 1) * WIDTH);
        }
        biasMove[c] = (biasMove[c] ?? 0) + counts * e;
        addInto(passageMove, c * WIDTH, point, counts * e);
        addTo(back, passage, c * WIDTH, counts * e);
      }
      for (let k = 0; k < WIDTH; k++) back[k] = open[k] === 1 ? (back[k] ?? 0) / (1 - HIDDEN_DIMENSIONS) : 0;
      for (let i = end[n] ?? 0; i < to; i++) {
        const row = shown[i] ?? 0;
        let place = wordAt.get(row);
        if (place === undefined) {
          place = wordAt.size;
          wordAt.set(row, place);
          wordMove.fill(0, place * WIDTH, (place + 1) * WIDTH);
        }
        addInto(wordMove, place * WIDTH, back, worth[i] ?? 0);
      }
    });
    for (let c = 0; c < classes; c++) {
      if (isMoved[c] === 0) continue;
      bias[c] = (bias[c] ?? 0) - step * (biasMove[c] ?? 0);
      for (let i = c * WIDTH; i < (c + 1) * WIDTH; i++) {
        const move = passageMove[i] ?? 0;
        passageSquares[i] = (passageSquares[i] ?? 0) + move * move;
        passage[i] = (passage[i] ?? 0) - (step * move) / Math.sqrt(passageSquares[i] ?? 1);
      }
    }
    for (const [row, place] of wordAt) {
      let square = 0;
      for (let i = place * WIDTH; i < (place + 1) * WIDTH; i++) square += (wordMove[i] ?? 0) ** 2;
      wordSquares[row] = (wordSquares[row] ?? 0) + square / WIDTH;
      const by = step / Math.sqrt(wordSquares[row] ?? 1);
      for (let k = 0; k < WIDTH; k++)
        word[row * WIDTH + k] = (word[row * WIDTH + k] ?? 0) - by * (wordMove[place * WIDTH + k] ?? 0);
    }
  }
}

/** The features that can be learned of, in the order of their numbers. */
function wordsIn(rows: FeatureRows, numbers: Int32Array): number[] {
  const seen = new Set<number>();
  const words: number[] = [];
  const terms = [...new Set(rows.term)].filter((term) => (numbers[term] ?? -1) >= 0);
  for (const term of terms.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))) {
    // Of two that share a number one is enough.
    if (seen.has(numbers[term] ?? 0)) continue;
    seen.add(numbers[term] ?? 0);
    words.push(term);
  }
  return words;
}

function stored(word: Float32Array, words: readonly number[], numbers: Int32Array): LearnedWords {
  let most = 0;
  for (const x of word) most = Math.max(most, Math.abs(x));
  return {
    width: WIDTH,
    rows: packWeights(
      Int32Array.from(words, (term) => numbers[term] ?? 0),
      Int8Array.from(word, (x) => Math.round((x * 127) / most)),
    ),
  };
}

// Nearly all of the time is spent in these three.
function dot(a: Float32Array, b: Float32Array, at: number): number {
  let sum = 0;
  for (let k = 0; k < WIDTH; k++) sum += (a[k] ?? 0) * (b[at + k] ?? 0);
  return sum;
}
function addTo(a: Float32Array, b: Float32Array, at: number, times: number): void {
  for (let k = 0; k < WIDTH; k++) a[k] = (a[k] ?? 0) + times * (b[at + k] ?? 0);
}
function addInto(a: Float32Array, at: number, b: Float32Array, times: number): void {
  for (let k = 0; k < WIDTH; k++) a[at + k] = (a[at + k] ?? 0) + times * (b[k] ?? 0);
}
