/** What editors write, as documents among everything that is published, and what is wrong with them. */

import { dayOf } from "../../core/day.ts";
import { checkKnowledge } from "../../core/knowledge/check.ts";
import type { Problem } from "../../core/problem.ts";
import { inBoth } from "../../core/problem-words.ts";
import type { Source } from "../../ports/sources.ts";
import type { ContentKind, Revision } from "../../ports/store.ts";
import { pathOfNew } from "../bundle.ts";
import { openYaml } from "../documents.ts";
import { type Compiled, keyOf } from "../library.ts";
import type { Parts } from "../parts.ts";
import { placedIn } from "../problem-places.ts";

const NOT_YAML = "document.yaml";

export type Draft = Pick<Revision, "kind" | "key" | "number" | "source">;

export interface Drafts {
  sourceOf(kind: ContentKind, key: string, source: string): Source;
  /** As people know it, also before it was published. */
  fileOf(kind: ContentKind, key: string): string;
  /** Problems of these documents among everything else that is published: what `knowledge check` and `flows check` say. */
  problemsOf(drafts: readonly Source[]): readonly Problem[];
  /** Only what makes it impossible to try them out. */
  ownErrors(compiled: Compiled, drafts: readonly Source[]): readonly Problem[];
}

export function makeDrafts({ library, clock }: Pick<Parts, "library" | "clock">): Drafts {
  return { sourceOf, fileOf, problemsOf, ownErrors };

  function problemsOf(drafts: readonly Source[]): readonly Problem[] {
    const before = new Set(library.compiled().problems.map(sameProblem));
    const compiled = library.tryOut(drafts);
    const files = new Map(drafts.map((d) => [d.file, d]));
    // Its own faults always, and those of others only if this change brings them about.
    const read = compiled.problems.filter((p) => files.has(p.file ?? "") || !before.has(sameProblem(p)));
    // What it breaks elsewhere is mended there: a number that is taken away, in the flows that say it.
    const elsewhere = read.some((p) => !files.has(p.file ?? ""))
      ? new Map([...library.sources().values()].map((s) => [s.file, s]))
      : files;
    const all = [
      ...read.map((p) => placed(p, files.has(p.file ?? "") ? files : elsewhere)),
      ...judged(compiled, drafts),
    ];
    return inBoth(withoutEchoes(all, files).toSorted(byPlace));
  }

  /** What the schema of one document cannot see: words, numbers, dates, neighbours. */
  function judged(compiled: Compiled, drafts: readonly Source[]): readonly Problem[] {
    const only = new Set(
      drafts.flatMap((draft) => {
        const parsed = compiled.parsed.get(keyOf(draft));
        return parsed && "lines" in parsed ? [...parsed.lines.keys()].filter((k) => !k.includes("#")) : [];
      }),
    );
    if (only.size === 0) return [];
    const { articles, services, provinces, places } = compiled.knowledge;
    return checkKnowledge({
      articles,
      services,
      provinces,
      banned: library.base().banned,
      today: dayOf(clock.now()),
      placeOf: (key, lang) =>
        places.get(lang === undefined ? key : `${key}/${lang}`) ?? places.get(key) ?? {},
      only,
    }).problems.map((p) => {
      const source = drafts.find((d) => d.file === p.file);
      return source ? placedIn(p, source) : p;
    });
  }

  function ownErrors(compiled: Compiled, drafts: readonly Source[]): readonly Problem[] {
    const files = new Map(drafts.map((d) => [d.file, d]));
    return inBoth(
      compiled.problems
        .filter((p) => p.severity === "error" && p.file !== undefined && files.has(p.file))
        .map((p) => placed(p, files)),
    );
  }

  function sourceOf(kind: ContentKind, key: string, source: string): Source {
    return { kind, key, file: fileOf(kind, key), source };
  }

  function fileOf(kind: ContentKind, key: string): string {
    return library.sources().get(keyOf({ kind, key }))?.file ?? pathOfNew(kind, key);
  }
}

/**
 * What an editor can mend. After one slip of the pen the reader of YAML stumbles on, and what refers to a document that
 * cannot be read refers to nothing: of a comma too many in the rules came 515 faults, of which one was one.
 */
function withoutEchoes(problems: readonly Problem[], files: ReadonlyMap<string, Source>): readonly Problem[] {
  const isOwn = (p: Problem) => files.has(p.file ?? "");
  const isUnreadable = problems.some(
    (p) => isOwn(p) && p.severity === "error" && p.code.startsWith("document."),
  );
  const slips = new Map(
    problems
      .filter((p) => isOwn(p) && p.code === NOT_YAML)
      .toSorted(byPlace)
      .toReversed()
      .map((p) => [p.file, p]),
  );
  return problems.filter(
    (p) => (isOwn(p) || !isUnreadable) && (p.code !== NOT_YAML || !isOwn(p) || slips.get(p.file) === p),
  );
}

function byPlace(a: Problem, b: Problem): number {
  return (
    (a.file ?? "").localeCompare(b.file ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

/** A problem that knows only its field gets the line where that stands. */
function placed(p: Problem, files: ReadonlyMap<string, Source>): Problem {
  const source = files.get(p.file ?? "");
  if (p.line !== undefined || p.field === undefined || !source || source.kind === "article") return p;
  const path = p.field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { ...p, ...openYaml(source.source, source.file).value?.placeOf(path) };
}

function sameProblem(p: Problem): string {
  return [p.file, p.field, p.code, p.message].join("\n");
}

/** The number of the newest revision; 0: there is none. */
export function newest(history: readonly Revision[]): number {
  return history.reduce((n, r) => Math.max(n, r.number), 0);
}
