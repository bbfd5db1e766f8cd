/** What is published now, compiled: the world that `step` decides in. The last good revision of a thing that went wrong stays. */

import { parse } from "yaml";
import { checkFlow, type Surroundings } from "../core/flow/check.ts";
import type { Flow } from "../core/flow/definition.ts";
import type { Article } from "../core/knowledge/article.ts";
import { type BannedPhrase, bannedFileSchema } from "../core/knowledge/banned.ts";
import type { Province, Service } from "../core/knowledge/service.ts";
import type { Bilingual, ChannelCaps } from "../core/message.ts";
import type { Problem } from "../core/problem.ts";
import { readSearchData, SEARCH_FILE_NAMES, type SearchFile } from "../core/retrieval/data.ts";
import { makeSearch } from "../core/retrieval/make-search.ts";
import type { Search } from "../core/retrieval/search.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import { type Settings, type SettingsFile, WORD_KEYS, type WordKey } from "../core/settings.ts";
import { makeEar } from "../core/triage/assess.ts";
import type { Ear } from "../core/triage/ear.ts";
import type { Instrument } from "../core/triage/instrument.ts";
import { readModel } from "../core/triage/model.ts";
import { joinRules, type RiskRules } from "../core/triage/rules.ts";
import { plain } from "../core/understand.ts";
import type { World } from "../core/world.ts";
import type { Source, SourceFiles } from "../ports/sources.ts";
import { type Parsed, readContent } from "./read-content.ts";

/** The world without the channel, which differs per conversation. */
export type Base = Omit<World, "channel">;

export interface Compiled {
  /** Absent when something without which nobody can be served is missing (settings, texts, words, rules). */
  readonly base?: Base;
  readonly problems: readonly Problem[];
  /** Articles and services that are left out because their day has passed. */
  readonly withdrawn: readonly string[];
  /** Articles shown although their professional review is pending. */
  readonly pending: number;
  readonly parsed: ReadonlyMap<string, Parsed>;
  /** Everything, also what is withdrawn. */
  readonly knowledge: Knowledge;
}

/** Remembers what was read from which text: a publish re-reads one document, not two hundred. */
export interface Reader {
  read(source: Source): ReturnType<typeof readContent>;
  /** Heavy parts by the identity of what they are made of. */
  readonly memo: Map<string, { made: unknown; from: readonly unknown[] }>;
}

export function makeReader(): Reader {
  const kept = new Map<string, { source: string; read: ReturnType<typeof readContent> }>();
  return {
    memo: new Map(),
    read(source) {
      const key = keyOf(source);
      const last = kept.get(key);
      if (last?.source === source.source) return last.read;
      const read = readContent(source);
      kept.set(key, { source: source.source, read });
      return read;
    },
  };
}

export function keyOf(thing: { readonly kind: string; readonly key: string }): string {
  return `${thing.kind}:${thing.key}`;
}

/** What comes with the build beside the edited sources. */
export type Tuning = Pick<SourceFiles, "searchFiles" | "model" | "banned">;

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
  const liveServices = services.filter(
    (s) => s.status === "use" && s.expires_on >= today && s.phones.length > 0,
  );
  const withdrawn = [
    ...articles.filter((a) => a.review_by < today).map((a) => `article:${a.id}`),
    ...services.filter((s) => s.status === "use" && s.expires_on < today).map((s) => `service:${s.id}`),
  ];
  const ear = makeEarOf(sources, files.model, reader, problems);
  const search = makeSearchOf(liveArticles, liveServices, provinces, files, reader, problems);
  const instruments = byId(all.flatMap((p) => (p.is === "instrument" ? [p.instrument] : [])));
  const flows = keepSound(sources, parsed, liveServices, instruments, problems);
  if (settings) problems.push(...danglingSettings(settings, flows, liveServices));
  const banned = remember(reader, "banned", [files.banned], () => bannedOf(files.banned));
  const base =
    settings && ear && search
      ? {
          edition,
          flows,
          instruments,
          articles: byId(liveArticles),
          services: byId(liveServices),
          provinces,
          settings,
          banned,
          ear,
          search,
        }
      : undefined;
  return {
    ...(base ? { base } : {}),
    problems,
    withdrawn,
    pending: liveArticles.filter((a) => a.review.state === "pending").length,
    parsed,
    knowledge,
  };
}

/** What stands in `knowledge/articles` and `knowledge/directory`, put together. */
export interface Knowledge {
  readonly articles: readonly Article[];
  readonly services: readonly Service[];
  readonly provinces: readonly Province[];
  /** Where things stand, by the names of `Lines`. */
  readonly places: ReadonlyMap<string, { readonly file: string; readonly line: number }>;
  /** Ids that stand in two files: the second is left out. */
  readonly problems: readonly Problem[];
}

/** Puts together what was read from several documents. */
export function gather(sources: readonly Source[], parsed: ReadonlyMap<string, Parsed>): Knowledge {
  const articles: Article[] = [];
  const services: Service[] = [];
  const provinces: Province[] = [];
  const places = new Map<string, { file: string; line: number }>();
  const problems: Problem[] = [];
  const keep = <T extends { id: string }>(kind: string, things: readonly T[], into: T[], file: string) => {
    for (const thing of things) {
      const first = places.get(`${kind}:${thing.id}`);
      if (first?.file === file) into.push(thing);
      else {
        problems.push({
          code: "directory.id_twice",
          message: `"${thing.id}" is already in ${first?.file ?? "another file"}`,
          file,
          field: `${kind}:${thing.id}`,
          severity: "error",
        });
      }
    }
  };
  for (const source of sources) {
    const p = parsed.get(keyOf(source));
    if (p?.is !== "article" && p?.is !== "services" && p?.is !== "provinces") continue;
    const { file } = source;
    for (const [name, line] of p.lines) if (!places.has(name)) places.set(name, { file, line });
    if (p.is === "article") articles.push(p.article);
    if (p.is === "services") keep("service", p.services, services, file);
    if (p.is === "provinces") keep("province", p.provinces, provinces, file);
  }
  return { articles, services, provinces, places, problems };
}

export function worldFor(base: Base, channel: ChannelCaps): World {
  return { ...base, channel };
}

// ── parts ──────────────────────────────────────────────────────────────────────────────────────────────────

function byId<T extends { readonly id: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((t) => [t.id, t]));
}

/** What can stand among the reasons of a level. */
function categoriesOf(
  parsed: ReadonlyMap<string, Parsed>,
  instruments: ReadonlyMap<string, Instrument>,
): ReadonlySet<string> {
  return new Set([
    ...[...parsed.values()].flatMap((p) => (p.is === "risk" ? Object.keys(p.rules.categories) : [])),
    ...[...instruments.values()].flatMap((i) => i.questions.map((q) => q.category)),
  ]);
}

/** Flows without an error; those that are wrong are left out and named. */
function keepSound(
  sources: readonly Source[],
  parsed: ReadonlyMap<string, Parsed>,
  services: readonly Service[],
  instruments: ReadonlyMap<string, Instrument>,
  problems: Problem[],
): ReadonlyMap<string, Flow> {
  const flows = sources.flatMap((s) => {
    const p = parsed.get(keyOf(s));
    return p?.is === "flow" ? [{ flow: p.flow, file: s.file }] : [];
  });
  const around: Surroundings = {
    flows: new Set(flows.map((f) => f.flow.id)),
    instruments: new Set(instruments.keys()),
    services: new Set(services.map((s) => s.id)),
    categories: categoriesOf(parsed, instruments),
  };
  return new Map(
    flows.flatMap(({ flow, file }) => {
      const found = checkFlow(flow, file, around);
      problems.push(...found);
      return found.some((p) => p.severity === "error") ? [] : [[flow.id, flow] as const];
    }),
  );
}

function joinSettings(parsed: ReadonlyMap<string, Parsed>, problems: Problem[]): Settings | undefined {
  const settings = parsed.get("settings:settings");
  const texts = parsed.get("settings:texts");
  const words = parsed.get("settings:words");
  for (const [key, value] of [
    ["settings", settings],
    ["texts", texts],
    ["words", words],
  ] as const) {
    if (!value && !problems.some((p) => p.file === `flows/${key}.yaml`)) {
      problems.push({
        code: "settings.missing",
        message: "the file is missing",
        file: `flows/${key}.yaml`,
        severity: "error",
      });
    }
  }
  if (settings?.is !== "settings" || texts?.is !== "texts" || words?.is !== "words") return undefined;
  return { ...settings.settings, texts: texts.texts, words: foldWords(words.words) };
}

function foldWords(words: Readonly<Record<WordKey, readonly string[]>>): Settings["words"] {
  return Object.fromEntries(WORD_KEYS.map((k) => [k, new Set(words[k].map(plain))])) as Record<
    WordKey,
    Set<string>
  >;
}

function danglingSettings(
  settings: SettingsFile & { texts: Readonly<Record<string, Bilingual>> },
  flows: ReadonlyMap<string, Flow>,
  services: readonly Service[],
): Problem[] {
  const file = "flows/settings.yaml";
  const known = new Set(services.map((s) => s.id));
  return [
    ...Object.entries(settings.flows)
      .filter(([, id]) => !flows.has(id))
      .map(
        ([what, id]): Problem => ({
          code: "settings.unknown_flow",
          message: `there is no sound flow "${id}"`,
          file,
          field: `flows.${what}`,
          severity: "error",
        }),
      ),
    ...settings.hotlines
      .filter((id) => !known.has(id))
      .map(
        (id): Problem => ({
          code: "settings.unknown_service",
          message: `the directory has no usable service "${id}"`,
          file,
          field: "hotlines",
          severity: "error",
        }),
      ),
  ];
}

/** The rules of the ear out of its sources, joined. */
export function rulesOf(
  sources: readonly Source[],
  read: (source: Source) => ReturnType<typeof readContent> = readContent,
): { rules?: RiskRules; problems: Problem[] } {
  const problems: Problem[] = [];
  const parts = sources.flatMap((s): { file: string; rules: RiskRules }[] => {
    if (s.kind !== "rules" || s.key.startsWith("instruments/")) return [];
    const found = read(s);
    problems.push(...found.problems);
    return found.value?.is === "risk" ? [{ file: s.file, rules: found.value.rules }] : [];
  });
  if (parts.length === 0) return { problems };
  const joined = joinRules(parts);
  return { rules: joined.rules, problems: [...problems, ...joined.problems] };
}

/** The ear over these rules; without its weights it still hears by the rules, and the fault is named. */
export function earOf(rules: RiskRules, model: string | null): { ear: Ear; problems: readonly Problem[] } {
  const file = "knowledge/risk/model.json";
  if (model === null) {
    return {
      ear: makeEar(rules),
      problems: [
        {
          code: "risk.no_model",
          message: "the ear's weights are missing; it hears by the rules alone",
          file,
          severity: "warning",
        },
      ],
    };
  }
  const read = readModel(parseJson(model), file);
  return { ear: makeEar(rules, read.model), problems: read.problems };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function makeEarOf(
  sources: readonly Source[],
  model: string | null,
  reader: Reader,
  problems: Problem[],
): Ear | undefined {
  const risk = sources.filter((s) => s.kind === "rules");
  const { rules, problems: faults } = remember(
    reader,
    "rules",
    risk.map((s) => s.source),
    () => rulesOf(risk, reader.read),
  );
  problems.push(...faults.filter((f) => !problems.includes(f)));
  if (rules) {
    const made = remember(reader, "ear", [rules, model], () => earOf(rules, model));
    problems.push(...made.problems);
    return made.ear;
  }
  problems.push({
    code: "risk.missing",
    message: "there are no rules for the ear",
    file: "knowledge/risk",
    severity: "error",
  });
  return undefined;
}

/** A list that cannot be read is no list: then nothing that a model writes passes (grounding.ts wants one). */
function bannedOf(source: string | null | undefined): readonly BannedPhrase[] {
  try {
    return bannedFileSchema.parse(parse(source ?? "")).phrases;
  } catch {
    return [];
  }
}

function makeSearchOf(
  articles: readonly Article[],
  services: readonly Service[],
  provinces: readonly Province[],
  files: Pick<SourceFiles, "searchFiles">,
  reader: Reader,
  problems: Problem[],
): Search | undefined {
  const data = searchData(files, problems);
  if (!data) return undefined;
  return remember(reader, "search", [...articles, ...services, ...provinces], () => {
    // Built at the first question (or when the service is warm): a start must not wait for it.
    let made: Search | undefined;
    return (query) => {
      made ??= makeSearch(articles, services, provinces, data);
      return made(query);
    };
  });
}

/** Parses `knowledge/search/*.yaml`. */
export function searchData(
  files: Pick<SourceFiles, "searchFiles">,
  problems: Problem[],
): SearchData | undefined {
  const raw = Object.fromEntries(
    SEARCH_FILE_NAMES.flatMap((name): [SearchFile, unknown][] => {
      const text = files.searchFiles[name];
      return text === undefined ? [] : [[name, parse(text)]];
    }),
  );
  const read = readSearchData(raw);
  problems.push(...read.problems);
  return read.data;
}

/** Makes a heavy thing again only when one of the things it is made of is another. */
function remember<T>(reader: Reader, name: string, from: readonly unknown[], make: () => T): T {
  const last = reader.memo.get(name);
  if (last && last.from.length === from.length && last.from.every((f, i) => f === from[i]))
    return last.made as T;
  const made = make();
  reader.memo.set(name, { made, from });
  return made;
}
