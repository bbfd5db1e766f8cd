/** Orders found passages by embeddings beside the word ranker's order. Without embeddings, or late, the order stays. */

import { LANGS } from "../core/message.ts";
import type { VectorShelf } from "../ports/model.ts";
import type { Parts } from "./parts.ts";

/** Texts per request while learning. */
const BATCH = 64;
const BATCH_TIMEOUT_MS = 30_000;
/** What the nearest passage gains over the farthest, in shares of the best word score. */
const WEIGHT = 0.5;

interface Found {
  readonly id: string;
  readonly heading: string;
  readonly text: string;
  /** The word ranker's. */
  readonly score: number;
}

export interface Nearness {
  /** The same passages, best first. Never throws; takes at most `ms`. */
  order<T extends Found>(question: string, found: readonly T[], ms: number): Promise<readonly T[]>;
  /** Embeds what of our articles is not embedded yet, one batch; returns how many. Only our own texts, never a person's. */
  learn(): Promise<number>;
}

export function makeNearness(
  { model, library, log }: Pick<Parts, "model" | "library" | "log">,
  shelf: VectorShelf,
): Nearness {
  return {
    async order(question, found, ms) {
      if (!model.can.embed || found.length < 2) return found;
      // Found again by text: what was edited since has no vector yet, and then the words decide.
      const known = await Promise.all(found.map((p) => shelf.get(textOf(p)))).catch(() => []);
      if (known.length === 0 || known.some((v) => v === null)) return found;
      const asked = await model.embed([question], ms);
      const vector = asked.ok ? asked.vectors[0] : undefined;
      if (!vector) return found;
      return fuse(
        found,
        known.map((k) => cosine(vector, k)),
      );
    },
    async learn() {
      // The kill switch: nothing at all goes to a model, our own texts neither.
      if (!library.base().settings.model.enabled) return 0;
      const texts = ownTexts();
      const missing: string[] = [];
      for (const text of texts) {
        if (missing.length >= BATCH) break;
        if ((await shelf.get(text)) === null) missing.push(text);
      }
      if (missing.length === 0) return 0;
      const got = await model.embed(missing, BATCH_TIMEOUT_MS);
      if (!got.ok) {
        log("warn", "embeddings_failed", { cause: got.code });
        return 0;
      }
      await shelf.put(
        missing.flatMap((text, i) => (got.vectors[i] ? [{ text, vector: got.vectors[i] }] : [])),
      );
      return missing.length;
    },
  };

  function ownTexts(): string[] {
    const passages = [...library.base().articles.values()].flatMap((a) => a.passages);
    return LANGS.flatMap((lang) =>
      passages.map((p) => textOf({ heading: p.heading[lang], text: p.text[lang] })),
    );
  }
}

/** Both on one scale: the word score as a share of the best, the likeness between the least and the most like. */
function fuse<T extends Found>(found: readonly T[], likes: readonly number[]): readonly T[] {
  const best = Math.max(...found.map((p) => p.score), Number.MIN_VALUE);
  const least = Math.min(...likes);
  const span = Math.max(...likes) - least || 1;
  return found
    .map((passage, i) => ({
      passage,
      i,
      score: passage.score / best + (WEIGHT * ((likes[i] ?? least) - least)) / span,
    }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .map(({ passage }) => passage);
}

function textOf({ heading, text }: Pick<Found, "heading" | "text">): string {
  return `${heading}\n${text}`;
}

/** -1 to 1; vectors of different models are not alike at all. */
function cosine(a: Float32Array, b: Float32Array | null): number {
  if (b === null || a.length !== b.length) return -1;
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  });
  return aa === 0 || bb === 0 ? -1 : dot / Math.sqrt(aa * bb);
}
