/** Edited things as files and back: the same names and bytes as in `flows/` and `knowledge/`. */

import { basename } from "node:path/posix";
import type { Problem } from "../core/problem.ts";
import type { Source } from "../ports/sources.ts";
import type { ContentKind } from "../ports/store.ts";
import { MAX_SOURCE } from "./documents.ts";

export interface BundleFile {
  /** "knowledge/articles/acts/act-beating.md": `/` between folders, never a way out of the bundle. */
  readonly path: string;
  readonly text: string;
}

/** More than any installation has; a larger bundle is a mistake or an attack. */
export const MAX_FILES = 5_000;
/** `flows/` holds these beside the flows. */
const SETTINGS = new Set(["settings", "texts", "words"]);

/** Where a thing stands that this build did not bring. */
export function pathOfNew(kind: ContentKind, key: string): string {
  switch (kind) {
    case "flow":
    case "settings":
      return `flows/${key}.yaml`;
    case "article":
      return `knowledge/articles/${key}.md`;
    case "service":
      return `knowledge/directory/${key}.yaml`;
    case "rules":
      return `knowledge/risk/${key}.yaml`;
  }
}

export function filesOf(sources: Iterable<Source>): BundleFile[] {
  return [...sources]
    .map(({ file, source }) => ({ path: file, text: source }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a path in a bundle is; null: nothing that is edited (golden questions, weights, a read-me). */
export function sourceKey(path: string): { kind: ContentKind; key: string } | null {
  const flow = /^flows\/([a-z0-9][a-z0-9-]*)\.yaml$/.exec(path)?.[1];
  if (flow) return { kind: SETTINGS.has(flow) ? "settings" : "flow", key: flow };
  if (/^knowledge\/articles\/(?:[^/]+\/)*[^/]+\.md$/.test(path))
    return { kind: "article", key: basename(path, ".md") };
  if (/^knowledge\/directory\/[^/]+\.yaml$/.test(path))
    return { kind: "service", key: basename(path, ".yaml") };
  const rules = /^knowledge\/risk\/((?:instruments\/)?[^/]+)\.yaml$/.exec(path)?.[1];
  return rules ? { kind: "rules", key: rules } : null;
}

/** The name of an edited thing: also what a path may hold, so that no name can lead out of its folder. */
export const KEY = /^[a-z0-9][a-z0-9/_-]{0,99}$/;

/**
 * Line ends as they stand in the build, and no mark of byte order before them: an editor on Windows writes both, and
 * every file would seem changed by what nobody sees.
 */
export function plainLines(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

/** Sources out of files, or every reason why not; files that are not edited here are left alone and named. */
export function sourcesIn(files: readonly BundleFile[]): {
  sources: Source[];
  other: string[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const sources: Source[] = [];
  const other: string[] = [];
  const fault = (code: string, message: string, file: string) =>
    problems.push({ code, message, file, severity: "error" });
  if (files.length > MAX_FILES) fault("bundle.too_many", `${files.length} files; at most ${MAX_FILES}`, "");
  const seen = new Map<string, string>();
  for (const { path, text: given } of files.slice(0, MAX_FILES)) {
    const text = plainLines(given);
    const what = sourceKey(path);
    if (!what) {
      other.push(path);
      continue;
    }
    const name = `${what.kind}:${what.key}`;
    const twin = seen.get(name);
    if (!KEY.test(what.key)) fault("bundle.name", "a name has lower-case letters, digits and hyphens", path);
    else if (twin) fault("file.twice", `${twin} has the same name: this one is not read`, path);
    else if (text.length > MAX_SOURCE)
      fault("document.too_large", `the document has ${text.length} characters; at most ${MAX_SOURCE}`, path);
    else if (text.includes("\0"))
      fault("file.unreadable", "the file cannot be read as UTF-8 text: a zero byte", path);
    else sources.push({ ...what, file: path, source: text });
    seen.set(name, path);
  }
  if (sources.length === 0 && problems.length === 0)
    fault("bundle.empty", "there is no file of `flows/` or `knowledge/` in it", "");
  return { sources, other, problems };
}
