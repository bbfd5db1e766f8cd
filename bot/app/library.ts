/** What is published now, compiled: the world that `step` decides in. The last good revision of a thing that went wrong stays. */

import { parse } from "yaml";
import { daysAfter } from "../core/day.ts";
import { type BannedPhrase, bannedFileSchema } from "../core/knowledge/banned.ts";
import type { ChannelCaps } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import type { World } from "../core/world.ts";
import type { Source, SourceFiles } from "../ports/sources.ts";
import { type Finding, makeSearchOf } from "./library/finding.ts";
import { keepSound } from "./library/flows.ts";
import { makeEarOf } from "./library/hearing.ts";
import { keyOf } from "./library/key.ts";
import { gather, type Knowledge } from "./library/knowledge.ts";
import { type Reader, remember } from "./library/reader.ts";
import { danglingSettings, joinSettings } from "./library/settings.ts";
import type { Parsed } from "./read-content.ts";

export { readSearchFiles } from "./library/finding.ts";
export { keyOf } from "./library/key.ts";
export { gather, type Knowledge } from "./library/knowledge.ts";
export { makeReader, type Reader } from "./library/reader.ts";

/** The world without the channel, which differs per conversation. */
export type Base = Omit<World, "channel">;

export interface Compiled {
  /** Absent when something without which nobody can be served is missing (settings, texts, words, rules). */
  readonly base?: Base;
  /** Resolves when finding is quick from the first question on. */
  readonly prepare: Finding["prepare"];
  readonly isLesser: Finding["isLesser"];
  /** What our test writers asked unaided, by language; no person's words. */
  readonly asked: Finding["asked"];
  readonly problems: readonly Problem[];
  /**
   * Articles and services that nobody finds any more because their day has passed. A number that a flow, a text or the list of
   * hotlines names is said all the same: rather one that was not looked at for too long than none.
   */
  readonly withdrawn: readonly string[];
  /** How many have their day within the next `SOON_DAYS`, and the first of those days; null: none. */
  readonly runOut: { readonly count: number; readonly first: string } | null;
  /** Articles shown although their professional review is pending. */
  readonly pending: number;
  readonly parsed: ReadonlyMap<string, Parsed>;
  /** Everything, also what is withdrawn. */
  readonly knowledge: Knowledge;
}

/** What comes with the build beside the edited sources. */
export type Tuning = Pick<SourceFiles, "searchFiles" | "meanings" | "model" | "banned">;

/** Puts all sources together. `today` (2026-11-22, in Viet Nam) decides what is overdue. */
export function compile(
  sources: readonly Source[],
  files: Tuning,
  edition: number,
  today: string,
  reader: Reader,
): Compiled {
  const problems: Problem[] = [];
  const parsed = new Map<string, Parsed>();
  for (const source of sources) {
    const read = reader.read(source);
    problems.push(...read.problems);
    if (read.value) parsed.set(keyOf(source), read.value);
  }
  const all = [...parsed.values()];
  const knowledge = gather(sources, parsed);
  const { articles, services, provinces } = knowledge;
  problems.push(...knowledge.problems);
  const settings = joinSettings(parsed, problems);
  const liveArticles = articles.filter(
    (a) => a.review_by >= today && (settings?.show_pending !== false || a.review.state === "approved"),
  );
  const inUse = services.filter((s) => s.status === "use" && s.phones.length > 0);
  const liveServices = inUse.filter((s) => s.expires_on >= today);
  const withdrawn = [
    ...articles.filter((a) => a.review_by < today).map((a) => `article:${a.id}`),
    ...services.filter((s) => s.status === "use" && s.expires_on < today).map((s) => `service:${s.id}`),
  ];
  const ear = makeEarOf(sources, files.model, reader, problems);
  const finding = makeSearchOf(liveArticles, liveServices, provinces, files, reader, problems);
  const instruments = byId(all.flatMap((p) => (p.is === "instrument" ? [p.instrument] : [])));
  const flows = keepSound(sources, parsed, inUse, instruments, problems);
  if (settings) problems.push(...danglingSettings(settings, flows, articles, inUse));
  const banned = remember(reader, "banned", [files.banned], () => bannedOf(files.banned));
  const base =
    settings && ear && finding
      ? {
          edition,
          flows,
          instruments,
          articles: byId(liveArticles),
          services: byId(inUse),
          provinces,
          settings,
          banned,
          ear,
          search: finding.search,
        }
      : undefined;
  return {
    ...(base ? { base } : {}),
    prepare: async () => finding?.prepare() ?? true,
    isLesser: () => finding?.isLesser() ?? false,
    asked: finding?.asked ?? { vi: [], en: [] },
    problems,
    withdrawn,
    runOut: runningOut(
      [...liveArticles.map((a) => a.review_by), ...liveServices.map((s) => s.expires_on)],
      today,
    ),
    pending: liveArticles.filter((a) => a.review.state === "pending").length,
    parsed,
    knowledge,
  };
}

/** An operator needs weeks to have texts read and numbers called again. */
export const SOON_DAYS = 30;

function runningOut(lastDays: readonly string[], today: string): Compiled["runOut"] {
  const until = daysAfter(today, SOON_DAYS);
  const soon = lastDays.filter((day) => day <= until).sort();
  return soon[0] === undefined ? null : { count: soon.length, first: soon[0] };
}

export function worldFor(base: Base, channel: ChannelCaps, page?: string): World {
  return { ...base, channel, ...(page === undefined ? {} : { page }) };
}

function byId<T extends { readonly id: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((t) => [t.id, t]));
}

/** A list that cannot be read is no list: then nothing that a model writes passes (grounding.ts wants one). */
function bannedOf(source: string | null | undefined): readonly BannedPhrase[] {
  try {
    return bannedFileSchema.parse(parse(source ?? "")).phrases;
  } catch {
    return [];
  }
}
