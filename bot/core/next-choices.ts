/** "What else may be meant": choices that each open one passage or one service, and what a tap on them leads to. */

import { fitTo } from "./fit.ts";
import type { Passage } from "./knowledge/article.ts";
import { type Choice, type Lang, MAX_CHOICE_VALUE } from "./message.ts";
import { articleIn, type Place, placeOf } from "./showable.ts";
import { shorten } from "./split.ts";
import { callsOf, isSaying, type Turn } from "./turn.ts";
import { plainLabel } from "./understand.ts";

/** How many are offered under an answer or a silence. */
const MAX_NEXT = 3;
/** Longest label, UTF-16 units: no channel that we speak cuts it again, so what differs here differs there. */
const MAX_LABEL = 60;
/** A heading of fewer words ("Sau đó") says little without its article. */
const TELLING_WORDS = 4;
/** Between a heading and the title of its article. */
const OF = " · ";

/** What a choice of ours wants opened. */
export type Wanted =
  | { readonly kind: "service"; readonly id: string }
  /** Without a number: the beginning. `mark` is of the heading that stood there when it was offered. */
  | { readonly kind: "article"; readonly id: string; readonly number?: number; readonly mark?: string };

/** Reads a choice's value, of this build or an earlier one; null: it is no choice of something found. */
export function readWanted(value: string): Wanted | null {
  const [, service] = /^s:([a-z][a-z0-9-]*)$/.exec(value) ?? [];
  if (service !== undefined) return { kind: "service", id: service };
  const [, id, number, mark] = /^a:([a-z][a-z0-9-]*)(?:#(\d+)(?:\.([0-9a-z]+))?)?$/.exec(value) ?? [];
  if (id === undefined) return null;
  return {
    kind: "article",
    id,
    ...(number === undefined ? {} : { number: Number(number) }),
    ...(mark === undefined ? {} : { mark }),
  };
}

/** The passage that was offered, wherever it stands by now. `isSame` is false where no passage bears its heading any more. */
export function passageWanted(
  passages: readonly Passage[],
  { number = 1, mark }: Extract<Wanted, { kind: "article" }>,
): { readonly passage: Passage; readonly isSame: boolean } | undefined {
  const there = passages[number - 1];
  if (there && (mark === undefined || markOf(there) === mark)) return { passage: there, isSame: true };
  const moved = mark === undefined ? undefined : passages.find((p) => markOf(p) === mark);
  if (moved) return { passage: moved, isSame: true };
  const instead = there ?? passages[0];
  return instead && { passage: instead, isSame: false };
}

/** Of what our last message offered the ids that can be found again, without the choice that was tapped. */
export function stillOffered(turn: Turn, value: string): string[] {
  const { offered } = turn.state;
  if (!offered.some((c) => c.value === value)) return [];
  return offered.flatMap((c) => {
    const wanted = c.value === value ? null : readWanted(c.value);
    if (wanted === null) return [];
    if (wanted.kind === "service") return [`service:${wanted.id}`];
    const found = passageWanted(turn.world.articles.get(wanted.id)?.passages ?? [], wanted);
    return found?.isSame ? [found.passage.id] : [];
  });
}

/**
 * The choices of one answer: at most three of `ids` (as hits have them, the best first; an article's id means its
 * beginning) that may be shown and are not shown already, then `standing`. No two labels are alike, and for none of them
 * a message more is sent.
 */
export function withNext(
  turn: Turn,
  ids: readonly string[],
  shown: readonly string[],
  standing: readonly Choice[],
): Choice[] {
  const seen = new Set(shown);
  const places: Place[] = [];
  for (const id of ids) {
    const place = places.length < MAX_NEXT ? placeOf(turn, id) : undefined;
    if (!place || seen.has(idOf(place))) continue;
    seen.add(idOf(place));
    places.push(place);
  }
  let next = choicesOf(turn, places, shown, standing);
  // Zalo counts what we send, and its messages are short: an answer is never cut in two by what stands under it.
  const least = messagesOf(turn, standing);
  while (next.length > 0 && messagesOf(turn, [...next, ...standing]) > least) next = next.slice(0, -1);
  return [...next, ...standing];
}

function choicesOf(
  turn: Turn,
  places: readonly Place[],
  shown: readonly string[],
  standing: readonly Choice[],
): Choice[] {
  const { lang } = turn.state;
  const heading = (id: string) => {
    const place = placeOf(turn, id);
    return place?.kind === "passage" ? [place.passage.heading[lang]] : [];
  };
  const taken = new Set([...standing.map((c) => c.label), ...shown.flatMap(heading)].map(plainLabel));
  const articles = [...shown, ...places.map(idOf)].map(articleIn);
  return places.flatMap((place): Choice[] => {
    const isAlone = articles.filter((id) => id === articleIn(idOf(place))).length === 1;
    const forms = formsOf(place, isAlone, lang);
    const form = forms.find((f) => f.label.length <= MAX_LABEL && !taken.has(plainLabel(f.label)));
    const { label, value } = form ?? numbered(forms[0], taken);
    // An id as long as ids may be, and a two-digit number behind it: no button could hold it.
    if (value.length > MAX_CHOICE_VALUE) return [];
    taken.add(plainLabel(label));
    return [{ kind: "answer", label, value }];
  });
}

interface Form {
  readonly label: string;
  readonly value: string;
}

/** What the choice may be called, the best name first. A title leads to the beginning, a heading to its own passage. */
function formsOf(place: Place, isAlone: boolean, lang: Lang): [Form, ...Form[]] {
  if (place.kind === "service") {
    return [{ label: shorten(place.service.name[lang], MAX_LABEL), value: `s:${place.service.id}` }];
  }
  const { article, passage } = place;
  const heading = passage.heading[lang];
  const value = passageValue(passage);
  const alone: Form = { label: heading, value };
  const both: Form = { label: shorten(`${heading}${OF}${article.title[lang]}`, MAX_LABEL), value };
  const byHeading: [Form, ...Form[]] = heading.split(/\s+/).length < TELLING_WORDS ? [both] : [alone, both];
  return isAlone && passage === article.passages[0]
    ? [{ label: article.title[lang], value: `a:${article.id}` }, ...byHeading]
    : byHeading;
}

function numbered({ label, value }: Form, taken: ReadonlySet<string>): Form {
  const cut = shorten(label, MAX_LABEL);
  let free = cut;
  for (let n = 2; taken.has(plainLabel(free)); n++) free = `${shorten(label, MAX_LABEL - 5)} (${n})`;
  return { label: free, value };
}

function passageValue(passage: Passage): string {
  const value = `a:${passage.id}`;
  const marked = `${value}.${markOf(passage)}`;
  return marked.length <= MAX_CHOICE_VALUE ? marked : value;
}

/** Three characters of its heading (FNV-1a): enough to tell the passages of one article apart when they have moved. */
function markOf(passage: Passage): string {
  let hash = 0x811c9dc5;
  for (const unit of plainLabel(passage.heading.vi))
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 0) % 36 ** 3).toString(36).padStart(3, "0");
}

function idOf(place: Place): string {
  return place.kind === "service" ? `service:${place.service.id}` : place.passage.id;
}

function messagesOf(turn: Turn, choices: readonly Choice[]): number {
  if (!isSaying(turn)) return 1;
  const said = { text: turn.saying.texts.join("\n\n"), choices: [...choices, ...callsOf(turn)] };
  return fitTo(said, turn.world.channel).length;
}

/** The short name of a choice in front of its article's title: how she may type it; undefined: it has none. */
export function shortName(label: string): string | undefined {
  const at = label.indexOf(OF);
  return at > 0 ? label.slice(0, at) : undefined;
}
