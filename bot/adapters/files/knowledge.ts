/** Reads a `knowledge/` folder. What is wrong is left out and named with file and line; the rest loads. */

import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type Article, articleHeadSchema, readBody } from "../../core/knowledge/article.ts";
import { type Province, provinceSchema, type Service, serviceSchema } from "../../core/knowledge/service.ts";
import type { Lang } from "../../core/message.ts";
import type { Problem } from "../../core/problem.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface LoadedKnowledge {
  readonly articles: Article[];
  readonly services: Service[];
  readonly provinces: Province[];
  readonly problems: Problem[];
  /** Where things stand: `article:ID`, `service:ID`, `province:ID`, and passages as `ARTICLE#N/vi`, `ARTICLE#N/en`. */
  readonly places: ReadonlyMap<string, Place>;
}

/** Larger than any honest article or directory; a bigger file is a mistake and is not read. */
const MAX_FILE_BYTES = 1_000_000;

/** Reads `articles/**.md` and `directory/*.yaml` under the folder. Never throws: an unreadable folder is a problem. */
export async function loadKnowledge(folder: string): Promise<LoadedKnowledge> {
  const sink: Sink = { articles: [], services: [], provinces: [], problems: [], places: new Map() };
  for (const path of await filesIn(folder, "articles", ".md", sink)) {
    const text = await textOf(path, nameOf(folder, path), sink);
    if (text !== undefined) takeArticle(text, nameOf(folder, path), sink);
  }
  for (const path of await filesIn(folder, "directory", ".yaml", sink)) {
    const text = await textOf(path, nameOf(folder, path), sink);
    if (text !== undefined) takeDirectory(text, nameOf(folder, path), sink);
  }
  return sink;
}

interface Sink extends LoadedKnowledge {
  readonly places: Map<string, Place>;
}

/** Problems name files as they stand in the folder, with `/`, never by a path of this machine. */
function nameOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

async function filesIn(folder: string, part: string, ending: string, sink: Sink): Promise<string[]> {
  try {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    return entries
      .filter((e) => e.isFile() && e.name.endsWith(ending) && !e.name.startsWith("."))
      .map((e) => join(e.parentPath, e.name))
      .sort();
  } catch (cause) {
    sink.problems.push(problem("folder_unreadable", `cannot be read: ${reason(cause)}`, { file: part }));
    return [];
  }
}

async function textOf(path: string, file: string, sink: Sink): Promise<string | undefined> {
  try {
    const { size } = await lstat(path);
    if (size > MAX_FILE_BYTES) {
      sink.problems.push(
        problem("file_too_big", `${size} bytes; at most ${MAX_FILE_BYTES}`, { file, line: 1 }),
      );
      return undefined;
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    sink.problems.push(
      problem("file_unreadable", `cannot be read as UTF-8 text: ${reason(cause)}`, { file, line: 1 }),
    );
    return undefined;
  }
}

function takeArticle(text: string, file: string, sink: Sink): void {
  const parsed = readArticle(text, file);
  sink.problems.push(...parsed.problems);
  const article = parsed.article;
  if (article === undefined) return;
  const first = sink.places.get(`article:${article.id}`);
  if (first) {
    sink.problems.push(
      problem("id_twice", `"${article.id}" is already in ${first.file}`, { file, line: 2 }, "id"),
    );
    return;
  }
  sink.articles.push(article);
  for (const [key, line] of parsed.lines) sink.places.set(key, { file, line });
}

/**
 * One article from the text of its file: also what an import or an editor needs. `article` is absent when anything is an error.
 * `lines` are keyed like `LoadedKnowledge.places`.
 */
export function readArticle(
  raw: string,
  file: string,
): { article?: Article; problems: Problem[]; lines: Map<string, number> } {
  const lines = new Map<string, number>();
  // Letters and marks typed apart look the same and would not be found.
  const text = raw.normalize("NFC");
  const match = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!match) {
    const message = "the file must begin with a head between two lines `---`";
    return { problems: [problem("head_missing", message, { file, line: 1 })], lines };
  }
  const head = readYaml(match[1] ?? "", file, 1);
  if (head.problems.length > 0) return { problems: head.problems, lines };
  const checked = articleHeadSchema.safeParse(head.data);
  if (!checked.success) return { problems: schemaProblems(checked.error, [], head, file), lines };
  const bodyLine = match[0].split("\n").length - 1;
  const body = text.slice(match[0].length);
  const { passages, faults } = readBody(checked.data.id, body);
  const problems = faults.map((f) => problem("body", f.message, { file, line: bodyLine + f.line }));
  const base = file.split("/").at(-1)?.replace(/\.md$/, "");
  if (base !== checked.data.id) {
    problems.push(
      problem(
        "file_name",
        `the file of "${checked.data.id}" must be named ${checked.data.id}.md`,
        { file, line: 2 },
        "id",
      ),
    );
  }
  if (problems.length > 0) return { problems, lines };
  lines.set(`article:${checked.data.id}`, 1);
  for (const [key, line] of passageLines(checked.data.id, body)) lines.set(key, bodyLine + line);
  return { article: { ...checked.data, passages }, problems, lines };
}

/** The lines of the headings within the body, in the order in which `readBody` numbers the passages. */
function passageLines(id: string, body: string): [string, number][] {
  const found: [string, number][] = [];
  let lang: Lang | undefined;
  let n = 0;
  body.split(/\r?\n/).forEach((row, i) => {
    const part = /^#\s+(vi|en)\s*$/.exec(row);
    if (part) {
      lang = part[1] === "vi" ? "vi" : "en";
      n = 0;
    } else if (lang && /^##\s+\S/.test(row)) found.push([`${id}#${++n}/${lang}`, i + 1]);
  });
  return found;
}

/** One wrong entry never takes the others away: 113 must not vanish because another line has a slip. */
function takeDirectory(text: string, file: string, sink: Sink): void {
  const yaml = readYaml(text.normalize("NFC"), file, 0);
  sink.problems.push(...yaml.problems);
  if (yaml.problems.length > 0) return;
  const lists = isRecord(yaml.data) ? yaml.data : {};
  const known = ["services", "provinces"].filter((key) => Array.isArray(lists[key]));
  if (known.length === 0) {
    sink.problems.push(
      problem("directory_empty", "there is neither a list `services` nor a list `provinces`", {
        file,
        line: 1,
      }),
    );
  }
  for (const key of Object.keys(lists)) {
    if (!known.includes(key)) {
      const line = lineOf(yaml, [key]);
      sink.problems.push(problem("directory_key", `"${key}" is not a list known here`, { file, line }, key));
    }
  }
  take("services", serviceSchema, "service", sink.services);
  take("provinces", provinceSchema, "province", sink.provinces);

  function take<T extends { id: string }>(list: string, schema: z.ZodType<T>, kind: string, into: T[]): void {
    const entries = lists[list];
    if (!Array.isArray(entries)) return;
    entries.forEach((entry: unknown, i) => {
      const line = lineOf(yaml, [list, i]);
      const checked = schema.safeParse(entry);
      if (!checked.success) {
        sink.problems.push(...schemaProblems(checked.error, [list, i], yaml, file));
      } else if (sink.places.has(`${kind}:${checked.data.id}`)) {
        sink.problems.push(
          problem("id_twice", `"${checked.data.id}" is there already`, { file, line }, `${list}.${i}.id`),
        );
      } else {
        into.push(checked.data);
        sink.places.set(`${kind}:${checked.data.id}`, { file, line });
      }
    });
  }
}

interface ReadYaml {
  readonly data: unknown;
  readonly doc: Document;
  readonly problems: Problem[];
  readonly counter: LineCounter;
  /** Lines before the YAML in its file. */
  readonly above: number;
}

function readYaml(text: string, file: string, above: number): ReadYaml {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true });
  const problems = doc.errors.map((e) =>
    problem("yaml", e.message, { file, line: above + counter.linePos(e.pos[0]).line }),
  );
  if (problems.length > 0) return { data: undefined, doc, problems, counter, above };
  try {
    return { data: doc.toJS(), doc, problems, counter, above };
  } catch {
    // The library refuses to unfold aliases that grow without end.
    const endless = problem("yaml", "too many aliases", { file, line: above + 1 });
    return { data: undefined, doc, problems: [endless], counter, above };
  }
}

function schemaProblems(
  error: z.ZodError,
  base: (string | number)[],
  yaml: ReadYaml,
  file: string,
): Problem[] {
  return error.issues.map((issue) => {
    const path = [...base, ...issue.path.map((p) => (typeof p === "number" ? p : String(p)))];
    return problem("schema", issue.message, { file, line: lineOf(yaml, path) }, path.join("."));
  });
}

/** The line of the field, or of the nearest thing round it that exists. */
function lineOf(yaml: ReadYaml, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = yaml.doc.getIn(path.slice(0, length), true);
    if (isRecord(node) && Array.isArray(node.range) && typeof node.range[0] === "number") {
      return yaml.above + yaml.counter.linePos(node.range[0]).line;
    }
  }
  return yaml.above + 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function reason(cause: unknown): string {
  const code = isRecord(cause) ? cause.code : undefined;
  return typeof code === "string" ? code : "not UTF-8";
}

function problem(code: string, message: string, place: Partial<Place> = {}, field?: string): Problem {
  return {
    code: `knowledge.${code}`,
    message,
    severity: "error",
    ...place,
    ...(field === undefined ? {} : { field }),
  };
}
