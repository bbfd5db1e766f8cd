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
import { regressionLines } from "../core/triage/labelled.ts";
import type { Source } from "../ports/sources.ts";
import { type Compiled, keyOf } from "./library.ts";
import type { Parts } from "./parts.ts";

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
}

/** At most this long at a stretch: people's messages are answered by the same thread. */
const STRETCH_MS = 20;

export function makeEvaluation({ library, clock }: Pick<Parts, "library" | "clock">) {
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
      golden: after && drafts.some(answers) ? await askBoth(after.search) : null,
      rules: after && drafts.some(isHeardBy) ? await hearBoth(after.ear) : null,
    };

    async function askBoth(search: Search): Promise<Evaluation["golden"]> {
      const questions = await golden();
      const verdicts = (of: Search, from: readonly Source[]) =>
        asked(`${today} ${nameOf(from.filter(answers))}`, () =>
          inStretches(questions, (q) => judgeGolden(of, q, today)),
        );
      const was = await verdicts(library.base().search, published);
      const is = await verdicts(search, all);
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

function answers({ kind }: Source): boolean {
  return kind === "article" || kind === "service";
}

function isHeardBy({ kind, key }: Source): boolean {
  return kind === "rules" && !key.startsWith("instruments/");
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

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
