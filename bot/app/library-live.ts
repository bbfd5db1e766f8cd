/** The library while the service runs: takes in the files of this build, follows what is published, keeps the last good. */

import { dayOf } from "../core/day.ts";
import type { Problem } from "../core/problem.ts";
import { isOlder } from "../core/version.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { Indexes } from "../ports/indexes.ts";
import type { Log } from "../ports/log.ts";
import type { Source, SourceFiles, Sources } from "../ports/sources.ts";
import type { ContentKind, Store } from "../ports/store.ts";
import { pathOfNew } from "./bundle.ts";
import { type Base, type Compiled, compile, keyOf, makeReader, type Reader, type Tuning } from "./library.ts";

/** Who published what came with the build; a revision by anybody else is an operator's own and stays. */
export const BUILD = "build";
/** Noted on an operator's draft when a build publishes another text under it: both have to be compared. */
export const OVERTAKEN = "overtaken";

export interface Library {
  base(): Base;
  compiled(): Compiled;
  /**
   * Resolves when finding in what is published is quick from the first question on; with `withinMs` at the latest then: on a
   * busy machine an index takes minutes, and who is in danger needs none.
   */
  prepare(withinMs?: number): Promise<void>;
  /** What is published, by `kind:key`. */
  sources(): ReadonlyMap<string, Source>;
  /** Everything as it would be with these drafts in place of what is published. */
  tryOut(drafts: readonly Source[]): Compiled;
  /** Looks whether another edition was published (or the day has changed) and takes it over. */
  refresh(): Promise<void>;
  readonly fileProblems: readonly Problem[];
  /** The version of a newer build that has brought its texts, in place of which ours were not taken; null: none has. */
  readonly newerBuild: string | null;
  /** What drafts are held against, read when it is asked for. */
  readonly golden: Sources["golden"];
  readonly regression: Sources["regression"];
}

interface Needs {
  /** Version of this build, "0.1.0"; it rises with every release. */
  readonly build: string;
  readonly sources: Sources;
  /** What an earlier start has read; it is closed when everything is read. */
  readonly cache: Cache;
  readonly indexes: Indexes;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

interface Start extends Pick<Needs, "store" | "clock" | "build"> {
  /** A newer build has brought its texts. */
  readonly isOld: boolean;
}

/** Throws when nobody could be served with what is there: without settings, texts, words, flows or rules. */
export async function openLibrary(needs: Needs): Promise<Library> {
  const { build, sources, cache, indexes, store, clock, log } = needs;
  const reader = makeReader(cache, indexes);
  const newest = await store.content.newestBuild();
  const newerBuild = newest !== null && isOlder(build, newest) ? newest : null;
  if (newerBuild) log("warn", "older_build", { build, newest: newerBuild });
  const by = { store, clock, build, isOld: newerBuild !== null };
  const { fileOf, tuning, problems: fileProblems } = await takeIn(sources, by, reader);
  let current = await load();
  cache.close();
  for (const p of [...fileProblems, ...current.compiled.problems]) {
    log(p.severity === "error" ? "error" : "warn", "content_problem", {
      file: p.file,
      line: p.line,
      field: p.field,
      problem: p.message,
    });
  }
  if (!current.compiled.base) throw new ContentError([...fileProblems, ...current.compiled.problems]);
  let base: Base = current.compiled.base;
  /** When an index that could not be made is tried again. */
  let againAt = Number.POSITIVE_INFINITY;

  return {
    base: () => base,
    compiled: () => current.compiled,
    prepare: (withinMs) => within(prepare(current.compiled), withinMs),
    sources: () => current.sources,
    fileProblems,
    newerBuild,
    golden: () => sources.golden(),
    regression: () => sources.regression(),
    tryOut(drafts) {
      const merged = new Map(current.sources);
      for (const draft of drafts) merged.set(keyOf(draft), draft);
      return compile([...merged.values()], tuning, base.edition, dayOf(clock.now()), makeDraftReader());
    },
    async refresh() {
      const edition = await store.content.edition();
      if (edition === base.edition && dayOf(clock.now()) === current.day) {
        noticeLesser();
        if (clock.now() >= againAt) await prepare(current.compiled);
        return;
      }
      const next = await load();
      if (next.compiled.base) {
        // What is in force answers until the next can do so at once.
        await prepare(next.compiled);
        // Meanwhile a later one may have come into force.
        if (next.edition < base.edition) return;
        current = next;
        base = next.compiled.base;
        log("info", "edition_in_force", { edition: base.edition });
      } else log("error", "edition_refused", { edition: next.edition });
    },
  };

  async function within(work: Promise<void>, ms: number | undefined): Promise<void> {
    if (ms === undefined) return work;
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(ms, () => {
      log("warn", "index_late", { edition: base.edition });
      late.resolve();
    });
    await Promise.race([work, late.promise]);
    cancel();
  }

  /** What was prepared may turn out to be damaged when it is read: after a power cut, on a full disk. */
  function noticeLesser(): void {
    if (againAt !== Number.POSITIVE_INFINITY || !current.compiled.isLesser()) return;
    log("warn", "index_lost", { edition: base.edition });
    againAt = clock.now() + AGAIN_MS;
  }

  async function prepare(compiled: Compiled): Promise<void> {
    againAt = Number.POSITIVE_INFINITY;
    if (await compiled.prepare()) return;
    log("warn", "index_not_made", { edition: compiled.base?.edition });
    againAt = clock.now() + AGAIN_MS;
  }

  /** Drafts are read apart, so that a half-written one never replaces what is remembered of the published one. */
  function makeDraftReader() {
    const drafts = makeReader(undefined, indexes);
    for (const [name, kept] of reader.memo) drafts.memo.set(name, kept);
    return {
      ...drafts,
      read: (s: Source) =>
        current.sources.get(keyOf(s))?.source === s.source ? reader.read(s) : drafts.read(s),
    };
  }

  async function load() {
    const { edition, revisions } = await store.content.published();
    const live = new Map<string, Source>();
    for (const revision of revisions) {
      const key = keyOf(revision);
      const file = fileOf.get(key);
      // What this build no longer brings was never an operator's: it is gone.
      if (revision.by === BUILD && file === undefined) continue;
      live.set(key, {
        kind: revision.kind,
        key: revision.key,
        file: file ?? pathOfNew(revision.kind, revision.key),
        source: revision.source,
      });
    }
    const day = dayOf(clock.now());
    const compiled = compile(await lastGood(live, store, reader), tuning, edition, day, reader);
    return { compiled, sources: live as ReadonlyMap<string, Source>, edition, day };
  }
}

/** Until then the machine may have memory again. */
const AGAIN_MS = 60_000;
const FILES_AT_ONCE = 16;
/** Two processes that start together can take each other's step away, but one of them always goes on. */
const MAX_TRIES = 20;

/** Wrong content stops the start only when nobody could be served; the message says every fault. */
export class ContentError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super("the content is not complete");
    this.problems = problems;
  }
}

/** Takes the files of this build into the store. Of their texts only those stay in memory that nobody edits. */
async function takeIn(sources: Sources, by: Start, reader: Reader) {
  const files = await sources.read();
  const importProblems = await importFiles(files, by, reader);
  const { searchFiles, meanings, model, banned } = files;
  const tuning: Tuning = {
    searchFiles,
    model,
    ...(meanings && { meanings }),
    ...(banned === undefined ? {} : { banned }),
  };
  return {
    fileOf: new Map(files.sources.map((s) => [keyOf(s), s.file])),
    tuning,
    problems: [...files.problems, ...importProblems],
  };
}

/**
 * Publishes what came with this build where it is new or changed, unless an operator has published a revision of their
 * own. A file that is wrong is named and not taken: what stood before stays. What a newer build has published stays too:
 * a machine of the old build that starts again in the middle of an upgrade changes nothing.
 */
async function importFiles(files: SourceFiles, by: Start, reader: Reader): Promise<Problem[]> {
  const { revisions } = await by.store.content.published();
  const published = new Map(revisions.map((r) => [keyOf(r), r]));
  const problems: Problem[] = [];
  const wanted = files.sources.filter((source) => {
    const now = published.get(keyOf(source));
    if (now && (by.isOld || now.by !== BUILD || now.source === source.source)) return false;
    const read = reader.read(source);
    const errors = read.problems.filter((p) => p.severity === "error");
    problems.push(...errors);
    return errors.length === 0;
  });
  // A few at a time: all at once would fill a database's connections and wait there until they are refused.
  for (let at = 0; at < wanted.length; at += FILES_AT_ONCE) {
    await Promise.all(wanted.slice(at, at + FILES_AT_ONCE).map((source) => publishFile(by, source)));
  }
  return problems;
}

/** Until it is published, by us or by another process of our build, or a newer one, that starts at the same moment. */
async function publishFile({ store, clock, build }: Start, source: Source): Promise<void> {
  const { kind, key } = source;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const now = (await store.content.history(kind, key)).find((r) => r.state === "published");
    if (now && (now.by !== BUILD || now.source === source.source)) return;
    const at = clock.now();
    const audit = { at, actor: BUILD, action: "published", subject: keyOf(source), detail: "" };
    const brought = await store.content.bring({
      kind,
      key,
      source: source.source,
      by: BUILD,
      at,
      over: now?.number ?? null,
      build,
      draftNote: OVERTAKEN,
      audit,
    });
    if (brought) return;
    const newest = await store.content.newestBuild();
    if (now && newest !== null && isOlder(build, newest)) return;
  }
}

/** A published revision that this build cannot read gives way to the newest one before it that it can. */
async function lastGood(live: Map<string, Source>, store: Store, reader: Reader): Promise<readonly Source[]> {
  const good: Source[] = [];
  for (const source of live.values()) {
    if (isSound(reader.read(source))) {
      good.push(source);
      continue;
    }
    const history = await store.content.history(source.kind as ContentKind, source.key);
    const older = history
      .filter((r) => r.state === "published" || r.state === "retired")
      .toSorted((a, b) => b.number - a.number)
      .map((r) => ({ ...source, source: r.source }))
      .find((s) => isSound(makeReader().read(s)));
    good.push(older ?? source);
  }
  return good;
}

function isSound(read: ReturnType<Reader["read"]>): boolean {
  return read.value !== undefined && read.problems.every((p) => p.severity !== "error");
}
