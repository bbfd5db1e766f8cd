/** Tokens → where the concepts stand, and where the patterns of the rules fit. */

import type { Compiled, Pattern, PhraseEnd, Tree } from "./compile.ts";
import type { Listener, Token } from "./listen.ts";
import type { Syllable } from "./syllable.ts";

/** Tokens `from` up to and without `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One message with its concepts found. */
export interface Scene {
  readonly tokens: readonly Token[];
  /** Spans of each concept number, in order. */
  readonly spans: ReadonlyMap<number, readonly Span[]>;
  /** Does the writer use marks with care? */
  readonly marked: boolean;
}

/** One place where a pattern fits. */
export interface Fit {
  readonly pattern: Pattern;
  /** One span for each element. */
  readonly parts: readonly Span[];
}

/** Longest phrase that a rule listens for, in syllables. */
const LONGEST_PHRASE = 12;
/** More fits of one pattern than this tell nothing new. */
const MAX_FITS = 30;

interface Found extends Span {
  readonly concept: number;
  /** Were all its marks typed, so that it can be nothing else? */
  readonly exact: boolean;
}

/** Finds every concept; a phrase inside a longer one that claims its words is not meant, and what a harmless phrase covers is not heard. */
export function findConcepts(tokens: readonly Token[], compiled: Compiled, listener: Listener): Scene {
  const marked = listener.isMarked(tokens);
  const found: Found[] = [];
  const path: Syllable[] = [];
  const walker = { tree: compiled.tree, tokens, listener, marked, found, path };
  for (let i = 0; i < tokens.length; i++) walk(walker, i, i, 0);
  const harmless = compiled.byName.get("harmless");
  const farClaimed = reach(found, (f) => compiled.claims.has(f.concept));
  const farHarmless = reach(found, (f) => f.concept === harmless);
  const surelyHarmless = reach(found, (f) => f.concept === harmless && f.exact);
  const spans = new Map<number, Span[]>();
  for (const f of found) {
    // "tu tu" may be từ từ or tự tử: without marks the harmless reading does not hide a dangerous one of the same length.
    if (f.concept !== harmless && (isCovered(f, surelyHarmless, true) || isCovered(f, farHarmless, false)))
      continue;
    if (f.concept < compiled.firstLiteral && isCovered(f, farClaimed, false)) continue;
    const list = spans.get(f.concept);
    if (list) {
      const last = list[list.length - 1];
      if (last?.from !== f.from || last.to !== f.to) list.push(f);
    } else spans.set(f.concept, [f]);
  }
  return { tokens, spans, marked };
}

/** What one walk through the tree needs besides its place. */
interface Walk {
  readonly tree: Tree;
  readonly tokens: readonly Token[];
  readonly listener: Listener;
  readonly marked: boolean;
  readonly found: Found[];
  /** Meanings chosen so far; one array for all walks, because copies cost more than the matching. */
  readonly path: Syllable[];
}

const NONE: readonly PhraseEnd[] = [];

function walk(w: Walk, from: number, at: number, place: number): void {
  const token = w.tokens[at];
  // A phrase does not run over a comma.
  if (!token || (at > from && token.at !== (w.tokens[at - 1]?.at ?? 0) + 1)) return;
  for (const meaning of token.meanings) {
    const next = meaning.number < 0 ? 0 : w.tree.step(place, meaning.number);
    if (next === 0) continue;
    w.path[at - from] = meaning;
    for (const end of w.tree.ends[next] ?? NONE) takeEnd(w, from, at, end);
    if (w.tree.goesOn[next]) walk(w, from, at + 1, next);
  }
}

function takeEnd(w: Walk, from: number, at: number, end: PhraseEnd): void {
  if (!w.listener.isMeant(w.path, end.syllables, w.marked)) return;
  const exact = end.syllables.every((s, i) => w.path[i]?.tone === s.tone && w.path[i]?.base === s.base);
  if (end.exact && !exact) return;
  // Where no marks are used, "vua" typed bare is no surer to be vua than to be vừa.
  const sure = exact && (w.marked || end.syllables.some((s) => s.tone !== 0 || s.base !== s.fold));
  for (const concept of end.concepts) w.found.push({ concept, from, to: at + 1, exact: sure });
}

/** How far the longest of them reaches from each token; undefined if there are none. */
function reach(found: readonly Found[], isOne: (f: Found) => boolean): readonly number[] | undefined {
  let far: number[] | undefined;
  for (const f of found) {
    if (!isOne(f)) continue;
    far ??= [];
    if ((far[f.from] ?? 0) < f.to) far[f.from] = f.to;
  }
  return far;
}

function isCovered(f: Found, far: readonly number[] | undefined, whole: boolean): boolean {
  if (!far) return false;
  for (let from = Math.max(0, f.from - LONGEST_PHRASE); from <= f.from; from++) {
    const to = far[from];
    if (to !== undefined && to >= f.to && (whole || from < f.from || to > f.to)) return true;
  }
  return false;
}

/** Every place where a pattern fits, by the rules whose core concept is there. */
export function findFits(scene: Scene, compiled: Compiled): Fit[] {
  const fits: Fit[] = [];
  for (const concept of scene.spans.keys()) {
    for (const pattern of compiled.byCore.get(concept) ?? []) {
      if (pattern.elements.every((e) => scene.spans.has(e.concept))) fitPattern(scene, pattern, fits);
    }
  }
  return fits;
}

function fitPattern(scene: Scene, pattern: Pattern, fits: Fit[]): void {
  const before = fits.length;
  const first = pattern.elements[0];
  for (const span of (first && scene.spans.get(first.concept)) ?? []) {
    extend(scene, pattern, [span], fits);
    if (fits.length - before >= MAX_FITS) return;
  }
}

/** Adds the next element near the last one; false when none stands there. Nearest first, one fit for each beginning. */
function extend(scene: Scene, pattern: Pattern, parts: readonly Span[], fits: Fit[]): boolean {
  const element = pattern.elements[parts.length];
  const last = parts[parts.length - 1];
  if (!last) return false;
  if (!element) {
    fits.push({ pattern, parts });
    return true;
  }
  const spans = scene.spans.get(element.concept) ?? [];
  const edge = (scene.tokens[last.to - 1]?.at ?? 0) + 1;
  for (let i = firstFrom(spans, last.to); i < spans.length; i++) {
    const span = spans[i];
    if (!span || (scene.tokens[span.from]?.at ?? 0) - edge > element.gap) break;
    if (extend(scene, pattern, [...parts, span], fits)) return true;
  }
  return false;
}

/** Index of the first span that begins at `token` or later. */
export function firstFrom(spans: readonly Span[], token: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((spans[mid]?.from ?? 0) < token) low = mid + 1;
    else high = mid;
  }
  return low;
}
