/** An approved text: its form in `knowledge/articles/**.md` (front matter as YAML, passages in the body). */

import { z } from "zod";
import type { Bilingual, Lang } from "../message.ts";
import {
  audienceSchema,
  bilingualSchema,
  daySchema,
  idSchema,
  levelSchema,
  reviewSchema,
  sourceSchema,
} from "../schema.ts";

/** The front matter of an article. */
export const articleHeadSchema = z.strictObject({
  id: idSchema,
  title: bilingualSchema,
  /** What people ask, in their own words; marks not needed for finding, but write them. */
  questions: z.strictObject({
    vi: z.array(z.string().trim().min(3)).min(2),
    en: z.array(z.string().trim().min(3)).min(1),
  }),
  audience: z.array(audienceSchema).min(1),
  topics: z.array(idSchema).min(1),
  /** The highest level in which this may be shown to a person; above it she gets safety texts and a human first. */
  max_level: levelSchema.default("high"),
  sources: z.array(sourceSchema).min(1),
  /** Law that it states, with article number. */
  law: z.array(z.strictObject({ document: z.string().min(3), articles: z.string().min(1) })).default([]),
  checked_on: daySchema,
  review_by: daySchema,
  owner: z.string().min(2),
  review: reviewSchema,
  /** Ids of articles to offer next. */
  related: z.array(idSchema).default([]),
});
export type ArticleHead = z.infer<typeof articleHeadSchema>;

/** A piece that fits one chat message and can be an answer by itself. */
export interface Passage {
  /** `ARTICLE#N`, N from 1 in the order of the Vietnamese body. */
  readonly id: string;
  readonly articleId: string;
  readonly heading: Bilingual;
  readonly text: Bilingual;
  /** Ways of asking for this passage and no other of its article. */
  readonly asks: Readonly<Record<Lang, readonly string[]>>;
}

export interface Article extends ArticleHead {
  readonly passages: readonly Passage[];
}

/** Longest passage, in UTF-16 units: with title, source and date it must fit Zalo's 2000 (channels.md §1.3). */
export const MAX_PASSAGE = 1200;

export interface BodyFault {
  readonly message: string;
  /** 1-based line within the body. */
  readonly line: number;
}

/** A line of a passage that is no text of it: a way of asking for it. */
const ASKS = /^\?\s+(.+?)\s*$/;

interface Piece {
  readonly heading: string;
  readonly lines: string[];
  readonly asks: string[];
  readonly line: number;
}

/**
 * Reads the body: `# vi` and `# en` parts, each with `## heading` passages in the same order and number; a line
 * `? question` is a way of asking for its passage. Returns the passages, or every fault found.
 */
export function readBody(articleId: string, body: string): { passages: Passage[]; faults: BodyFault[] } {
  const faults: BodyFault[] = [];
  const parts: Record<Lang, Piece[]> = { vi: [], en: [] };
  let lang: Lang | undefined;
  let isLost = false;
  let wasLost = false;
  body.split(/\r?\n/).forEach((row, i) => {
    const part = /^#\s+(vi|en)\s*$/.exec(row);
    const heading = /^##\s+(.+?)\s*$/.exec(row);
    if (part) {
      lang = part[1] as Lang;
      isLost = false;
    } else if (isLost) return;
    else if (/^#\s/.test(row)) {
      // One fault for the heading, and none for everything that stands below it.
      isLost = true;
      wasLost = true;
      faults.push({
        message: `\`${row.trim()}\` is neither \`# vi\` nor \`# en\`: what stands below it belongs to no language`,
        line: i + 1,
      });
    } else if (/^#{3,}\s/.test(row))
      faults.push({
        message: `\`${row.trim()}\`: a passage has one heading, with \`##\`, and no smaller ones`,
        line: i + 1,
      });
    else if (heading?.[1]) {
      if (lang) parts[lang].push({ heading: heading[1], lines: [], asks: [], line: i + 1 });
      else faults.push({ message: "a passage stands before the first `# vi` or `# en`", line: i + 1 });
    } else if (row.trim() !== "") {
      const current = lang && parts[lang].at(-1);
      const asked = ASKS.exec(row)?.[1];
      if (current && asked !== undefined) current.asks.push(asked);
      else if (current) current.lines.push(row.trimEnd());
      else faults.push({ message: "text stands before the first `## heading`", line: i + 1 });
    } else if (lang) parts[lang].at(-1)?.lines.push("");
  });
  if (parts.vi.length === 0 && !wasLost)
    faults.push({ message: "there is no passage under `# vi`", line: 1 });
  if (parts.vi.length !== parts.en.length && !wasLost) {
    faults.push({
      message: `\`# vi\` has ${parts.vi.length} passages and \`# en\` has ${parts.en.length}; they must match one to one`,
      line: 1,
    });
  }
  const passages = parts.vi.map((vi, i): Passage => {
    const en = parts.en[i];
    for (const piece of en ? [vi, en] : [vi]) {
      const text = piece.lines.join("\n").trim();
      if (text === "") faults.push({ message: `the passage "${piece.heading}" is empty`, line: piece.line });
      if (text.length > MAX_PASSAGE) {
        faults.push({
          message: `the passage "${piece.heading}" has ${text.length} characters; at most ${MAX_PASSAGE}`,
          line: piece.line,
        });
      }
    }
    return {
      id: `${articleId}#${i + 1}`,
      articleId,
      heading: { vi: vi.heading, en: en?.heading ?? "" },
      text: { vi: vi.lines.join("\n").trim(), en: en?.lines.join("\n").trim() ?? "" },
      asks: { vi: vi.asks, en: en?.asks ?? [] },
    };
  });
  return { passages, faults };
}
