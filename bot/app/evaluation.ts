/** What a draft would change before it is published: golden questions for texts that answer, labelled lines for the ear. */

import { createHash } from "node:crypto";
import { dayOf } from "../core/day.ts";
import {
  compareGolden,
  type GoldenChange,
  type GoldenVerdict,
  judgeGolden,
  readGolden,
} from "../core/knowledge/golden.ts";
import type { Search } from "../core/retrieval/search.ts";
import type { Ear } from "../core/triage/ear.ts";
import { type Comparison, compare, judge, type Verdict } from "../core/triage/evaluate.ts";
import type { Instrument } from "../core/triage/instrument.ts";
import { compareInstruments, type InstrumentChange } from "../core/triage/instrument-change.ts";
import { regressionLines } from "../core/triage/labelled.ts";
import type { Source } from "../ports/sources.ts";
import type { Revision } from "../ports/store.ts";
import { type Base, type Compiled, keyOf } from "./library.ts";
import { BUILD } from "./library-live.ts";
import type { Parts } from "./parts.ts";
import { readContent } from "./read-content.ts";

export interface Evaluation {
  /** For articles and the directory; null for everything else. */
  readonly golden: {
    readonly asked: number;
    readonly rightBefore: number;
    readonly rightAfter: number;
    readonly changes: readonly GoldenChange[];
  } | null;
  /** For the rules of the ear; null for everything else. */
  readonly rules: (Comparison & { readonly heard: number }) | null;
  /** For instruments; null for everything else. */
  readonly instruments: readonly InstrumentEvaluation[] | null;
}

export interface InstrumentEvaluation {
  readonly id: string;
  /** Signs of danger that would count for less than in what came with this build: such a draft may not be published. */
  readonly barred: readonly InstrumentChange[];
  /** Beside what is published; who lets something fall says why. */
  readonly falls: readonly InstrumentChange[];
  readonly rises: readonly InstrumentChange[];
}

/** At most this long at a stretch: people's messages are answered by the same thread. */
const STRETCH_MS = 20;

export function makeEvaluation({ library, clock, store }: Pick<Parts, "library" | "clock" | "store">) {
  const golden = once(async () => (await library.golden()).flatMap(({ text }) => readGolden(text)));
  const lines = once(async () => regressionLines((await library.regression()).map(({ text }) => text)));
  const asked = keepLast<readonly GoldenVerdict[]>();
  const heard = keepLast<readonly Verdict[]>();

  /** `compiled`: everything with these drafts in place of what is published. */
  return async (drafts: readonly Source[], compiled: Compiled): Promise<Evaluation> => {
    const after = compiled.base;
    const published = [...library.sources().values()];
    const merged = new Map(published.map((s) => [keyOf(s), s]));
    for (const draft of drafts) merged.set(keyOf(draft), draft);
    const all = [...merged.values()];
    const today = dayOf(clock.now());
    return {
      golden: after && drafts.some(answers) ? await askBoth(after, compiled.prepare) : null,
      rules: after && drafts.some(isHeardBy) ? await hearBoth(after.ear) : null,
      instruments: drafts.some(isInstrument)
        ? await Promise.all(drafts.filter(isInstrument).map(compareWithOthers))
        : null,
    };

    /** What came with the build is the floor, so that a draft that raised too much can be taken back. */
    async function compareWithOthers(draft: Source): Promise<InstrumentEvaluation> {
      const is = instrumentOf(draft);
      const now = library.sources().get(keyOf(draft));
      const brought = (await store.content.history("rules", draft.key))
        .filter(({ by }) => by === BUILD)
        .reduce<Revision | null>((last, r) => (last && last.number > r.number ? last : r), null);
      const floor = brought && instrumentOf({ ...draft, source: brought.source });
      const published = now && instrumentOf(now);
      const beside = is && published ? compareInstruments(published, is) : { falls: [], rises: [] };
      return {
        id: is?.id ?? draft.key,
        barred: is && floor ? compareInstruments(floor, is).signs : [],
        falls: beside.falls,
        rises: beside.rises,
      };
    }

    async function askBoth(next: Base, prepare: Compiled["prepare"]): Promise<Evaluation["golden"]> {
      await library.prepare();
      await prepare();
      const questions = await golden();
      const verdicts = (of: Search, from: readonly Source[]) =>
        asked(`${today} ${nameOf(from.filter(answers))}`, () =>
          inStretches(questions, (q) => judgeGolden(of, q, today)),
        );
      const was = await verdicts(library.base().search, published);
      const lost = keptFromPeople(drafts, library.base(), next);
      const is = (await verdicts(next.search, all)).map((v, i) =>
        v.answered && lost.has(v.first)
          ? { ...v, answered: false, right: questions[i]?.ids.length === 0 }
          : v,
      );
      return {
        asked: questions.length,
        rightBefore: was.filter((v) => v.right).length,
        rightAfter: is.filter((v) => v.right).length,
        changes: compareGolden(questions, was, is),
      };
    }

    async function hearBoth(ear: Ear): Promise<Evaluation["rules"]> {
      const labelled = await lines();
      const verdicts = (of: Ear, from: readonly Source[]) =>
        heard(nameOf(from.filter(isHeardBy)), async () =>
          (await inStretches(labelled, (line) => judge(of, [line]))).flat(),
        );
      const was = await verdicts(library.base().ear, published);
      const is = await verdicts(ear, all);
      return { ...compare(was, is), heard: is.length };
    }
  };
}

/** Articles that become the staff's alone: still found, and shown to nobody who writes. */
function keptFromPeople(drafts: readonly Source[], was: Base, is: Base): ReadonlySet<string | null> {
  const isForPeople = (base: Base, id: string) => base.articles.get(id)?.audience.some((a) => a !== "staff");
  const ids = drafts.filter(({ kind }) => kind === "article").map(({ key }) => key);
  return new Set(ids.filter((id) => isForPeople(was, id) && !isForPeople(is, id)));
}

function answers({ kind }: Source): boolean {
  return kind === "article" || kind === "service";
}

function isHeardBy({ kind, key }: Source): boolean {
  return kind === "rules" && !key.startsWith("instruments/");
}

function isInstrument({ kind, key }: Source): boolean {
  return kind === "rules" && key.startsWith("instruments/");
}

/** undefined: it cannot be read, which is said elsewhere. */
function instrumentOf(source: Source): Instrument | undefined {
  const { value } = readContent(source);
  return value?.is === "instrument" ? value.instrument : undefined;
}

/** The same for the same texts: what was tried as a draft need not be asked again once it is published. */
function nameOf(sources: readonly Source[]): string {
  const hash = createHash("sha256");
  for (const { kind, key, source } of sources.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)))
    hash.update(`${kind}:${key}\n${source.length}\n${source}`);
  return hash.digest("base64");
}

const KEPT = 6;

function keepLast<T>() {
  const kept = new Map<string, Promise<T>>();
  return (name: string, make: () => Promise<T>): Promise<T> => {
    const made = kept.get(name) ?? make();
    kept.delete(name);
    kept.set(name, made);
    // What failed is tried again by who asks again.
    made.catch(() => kept.get(name) === made && kept.delete(name));
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
    return made;
  };
}

/** Maps a list without holding the thread. */
async function inStretches<T, R>(list: readonly T[], work: (one: T) => R): Promise<R[]> {
  const done: R[] = [];
  let since = performance.now();
  for (const one of list) {
    done.push(work(one));
    if (performance.now() - since < STRETCH_MS) continue;
    await new Promise((resume) => setImmediate(resume));
    since = performance.now();
  }
  return done;
}

/** Made when it is first asked for; what failed is made again by who asks again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
