/** Rules → what matching needs: one tree of all phrases, patterns as numbers, rules found by their rarest concept. */

import { makePairs } from "../retrieval/pairs.ts";
import { conceptsIn } from "./pattern.ts";
import type { RiskRule, RiskRules } from "./rules.ts";
import { type Syllable, syllable } from "./syllable.ts";

/**
 * All phrases as one tree, syllable by syllable without marks. A place in it is a number, the root 0; the ways between
 * them stand in one table, because a map for each of many thousand places would be most of the ear's memory.
 */
export interface Tree {
  /** The place that a syllable, by its number in the vocabulary, leads to; 0 where no phrase goes on so. */
  step(place: number, syllable: number): number;
  /** The phrases that end at each place, with their marks. */
  readonly ends: readonly (readonly PhraseEnd[] | undefined)[];
  /** Does any phrase go on from here? By place. */
  readonly goesOn: readonly boolean[];
}

export interface PhraseEnd {
  readonly syllables: readonly Syllable[];
  readonly concepts: number[];
  /** Only with every mark typed: without them it is more often another word (`=đùa`). */
  readonly exact: boolean;
}

export interface Element {
  readonly concept: number;
  /** How many syllables may stand between the element before and this one. */
  readonly gap: number;
  readonly core: boolean;
}

export interface Pattern {
  readonly rule: RiskRule;
  readonly elements: readonly Element[];
  /** The element whose time and denial count. */
  readonly core: number;
}

export interface Compiled {
  readonly rules: RiskRules;
  readonly tree: Tree;
  readonly concepts: readonly string[];
  readonly byName: ReadonlyMap<string, number>;
  /** Concept numbers from here on are words written out inside patterns. */
  readonly firstLiteral: number;
  /** Numbers of the concepts whose phrases own their words. */
  readonly claims: ReadonlySet<number>;
  /** Patterns by the concept of their core element. */
  readonly byCore: ReadonlyMap<number, readonly Pattern[]>;
  /** Every syllable that some rule listens for, without marks, with its number. */
  readonly vocabulary: ReadonlyMap<string, number>;
}

const NEAR = 1;
const GAPS: Readonly<Record<string, number>> = { "..": 3, "...": 8 };

export function compile(rules: RiskRules): Compiled {
  const names = Object.keys(rules.concepts);
  const byName = new Map(names.map((name, i) => [name, i]));
  const literals = new Map<string, number>();
  const ways = makePairs();
  const ends: PhraseEnd[][] = [[]];
  const goesOn = [false];
  const vocabulary = new Map<string, number>();
  const numberOf = (fold: string): number => {
    let number = vocabulary.get(fold);
    if (number === undefined) {
      number = vocabulary.size;
      vocabulary.set(fold, number);
    }
    return number;
  };

  const grow = (phrase: string, concept: number): void => {
    const exact = phrase.startsWith("=");
    const syllables = phrase.replace(/^=/, "").normalize("NFC").toLowerCase().split(/\s+/).map(syllable);
    let place = 0;
    for (const s of syllables) {
      goesOn[place] = true;
      place = ways.add(place, numberOf(s.fold)) + 1;
      ends[place] ??= [];
      goesOn[place] ??= false;
    }
    const here = ends[place] ?? [];
    const same = here.find(
      (end) =>
        end.exact === exact &&
        end.syllables.every((s, i) => s.base === syllables[i]?.base && s.tone === syllables[i]?.tone),
    );
    if (!same) here.push({ syllables, exact, concepts: [concept] });
    else if (!same.concepts.includes(concept)) same.concepts.push(concept);
  };

  for (const [name, number] of byName)
    for (const phrase of phrasesOf(rules, name, new Set())) grow(phrase, number);

  const literal = (words: string): number => {
    let number = literals.get(words);
    if (number === undefined) {
      number = names.length + literals.size;
      literals.set(words, number);
      grow(words, number);
    }
    return number;
  };

  const byCore = new Map<number, Pattern[]>();
  for (const rule of rules.rules) {
    for (const source of rule.patterns) {
      const elements = readPattern(source, (name) => byName.get(name) ?? -1, literal);
      const core = Math.max(
        0,
        elements.findIndex((e) => e.core),
      );
      const concept = elements[core]?.concept;
      if (concept === undefined) continue;
      const list = byCore.get(concept) ?? [];
      list.push({ rule, elements, core });
      byCore.set(concept, list);
    }
  }
  const claims = new Set(rules.claims.map((name) => byName.get(name) ?? -1));
  return {
    rules,
    tree: {
      step: (place, number) => ways.find(place, number) + 1,
      ends: ends.map((here) => (here.length > 0 ? here : undefined)),
      goesOn,
    },
    claims,
    concepts: [...names, ...literals.keys()],
    byName,
    firstLiteral: names.length,
    byCore,
    vocabulary,
  };
}

/** All phrases of a concept and of those it includes; a circle ends where it began. */
function phrasesOf(rules: RiskRules, name: string, seen: Set<string>): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const concept = rules.concepts[name];
  if (!concept) return [];
  if (Array.isArray(concept)) return concept;
  return [...concept.phrases, ...concept.include.flatMap((other) => phrasesOf(rules, other, seen))];
}

function readPattern(
  source: string,
  named: (name: string) => number,
  literal: (words: string) => number,
): Element[] {
  const elements: Element[] = [];
  let gap = NEAR;
  let words: string[] = [];
  let coreWords = false;
  const flush = (): void => {
    if (words.length === 0) return;
    elements.push({ concept: literal(words.join(" ")), gap, core: coreWords });
    gap = NEAR;
    words = [];
    coreWords = false;
  };
  for (const part of source.trim().split(/\s+/)) {
    const isCore = part.startsWith("!");
    const item = isCore ? part.slice(1) : part;
    if (item in GAPS) {
      flush();
      gap = GAPS[item] ?? NEAR;
    } else if (item.startsWith("<")) {
      flush();
      elements.push({ concept: named(conceptsIn(item)[0] ?? ""), gap, core: isCore });
      gap = NEAR;
    } else {
      if (isCore) flush();
      words.push(item);
      coreWords ||= isCore;
    }
  }
  flush();
  return elements;
}
