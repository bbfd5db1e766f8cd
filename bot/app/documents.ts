/** Reads a document as people write it (YAML, or Markdown with YAML front matter) and says what is wrong, with its line. */

import { isScalar, LineCounter, parseDocument, visit, type Document as YamlDocument } from "yaml";
import type { ZodType, z } from "zod";
import type { Problem } from "../core/problem.ts";

/** A document may not be larger than this, in UTF-16 units: nobody edits more by hand. */
export const MAX_SOURCE = 300_000;

export interface Read<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
}

/** Well-formed YAML, and where things stand in it. */
export interface Document {
  readonly data: unknown;
  /** 1-based place of the deepest existing part of a path. */
  placeOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number };
  /** What a schema found wrong below `base`, each with file, line and field. */
  faults(error: z.ZodError, base?: readonly PropertyKey[]): readonly Problem[];
}

/** Parses YAML and checks it; every problem carries file, line and field. `firstLine`: where the YAML begins in its file. */
export function readYaml<S extends ZodType>(
  source: string,
  file: string,
  schema: S,
  firstLine = 1,
): Read<z.output<S>> {
  const { value: doc, problems } = openYaml(source, file, firstLine);
  if (!doc) return { problems };
  const parsed = schema.safeParse(doc.data);
  return parsed.success ? { value: parsed.data, problems: [] } : { problems: doc.faults(parsed.error) };
}

/** Parses YAML without judging what it says. */
export function openYaml(source: string, file: string, firstLine = 1): Read<Document> {
  if (source.length > MAX_SOURCE) {
    return {
      problems: [
        problem(
          "document.too_large",
          `the document has ${source.length} characters; at most ${MAX_SOURCE}`,
          file,
          1,
        ),
      ],
    };
  }
  const lines = new LineCounter();
  // The library's own look for double keys compares each with each: 20,000 of them stop a process for seconds.
  const doc = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (offset: number) => ({
    line: lines.linePos(offset).line + firstLine - 1,
    column: lines.linePos(offset).col,
  });
  const errors = doc.errors.map((e) => ({ message: e.message, offset: e.pos[0] }));
  if (errors.length === 0) errors.push(...doubleKeys(doc));
  if (errors.length > 0) {
    return {
      problems: errors.map(({ message, offset }) => ({
        ...problem("document.yaml", `this is not valid YAML: ${message}`, file),
        ...at(offset),
      })),
    };
  }
  let data: unknown;
  try {
    // Aliases are counted: a few lines of YAML must not grow into gigabytes.
    data = doc.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return {
      problems: [
        problem(
          "document.yaml",
          `this YAML cannot be read: ${error instanceof Error ? error.message : String(error)}`,
          file,
          firstLine,
        ),
      ],
    };
  }
  const placeOf = (path: readonly PropertyKey[]) => at(offsetOf(doc, path));
  const faults = (error: z.ZodError, base: readonly PropertyKey[] = []) =>
    error.issues
      .flatMap((issue) => flatten(issue, base))
      .map(({ path, message }) => ({
        ...problem("document.field", message, file),
        field: path.map(String).join("."),
        ...placeOf(path),
      }));
  return { value: { data, placeOf, faults }, problems: [] };
}

/** The second of two equal names in one block: the first would be lost without a word. */
function doubleKeys(doc: YamlDocument): { message: string; offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visit(doc, {
    Map(_, map) {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value))
          found.push({ message: "Map keys must be unique", offset: key.range?.[0] ?? 0 });
        names.add(key.value);
      }
    },
  });
  return found;
}

export interface FrontMatter {
  readonly head: string;
  readonly body: string;
  /** Lines before the body. */
  readonly bodyLine: number;
}

/** Splits `---` front matter from a Markdown body; null: there is none. */
export function splitFrontMatter(source: string): FrontMatter | null {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(source);
  if (!match) return null;
  return {
    head: match[1] ?? "",
    body: source.slice(match[0].length),
    bodyLine: match[0].split("\n").length,
  };
}

function problem(code: string, message: string, file: string, line?: number): Problem {
  return { code, message, file, severity: "error", ...(line === undefined ? {} : { line }) };
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A union says only "invalid input": the branch that came furthest says what is really wrong. */
function flatten(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[] = []): Fault[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }];
  const score = (branch: readonly z.core.$ZodIssue[]) =>
    branch.reduce(
      (n, i) =>
        n +
        (i.code === "unrecognized_keys"
          ? 3 + i.keys.length
          : i.path.length === 1 && i.code === "invalid_type"
            ? 2
            : 0.5),
      0,
    );
  const best = issue.errors.toSorted((a, b) => score(a) - score(b))[0] ?? [];
  return best.flatMap((inner) => flatten(inner, path));
}

/** Where the deepest existing part of a path stands. */
function offsetOf(doc: YamlDocument, path: readonly PropertyKey[]): number {
  for (let n = path.length; n > 0; n -= 1) {
    const node = doc.getIn(path.slice(0, n), true);
    if (hasRange(node)) return node.range[0];
  }
  return hasRange(doc.contents) ? doc.contents.range[0] : 0;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}
