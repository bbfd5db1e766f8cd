/** Finds the files of `flows/` and `knowledge/` that people edit, and reads them as sources. */

import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { LANGS, type Lang } from "../../core/message.ts";
import type { Problem } from "../../core/problem.ts";
import { isAsked } from "../../core/retrieval/asked.ts";
import { MEANING_FILES } from "../../core/retrieval/meaning.ts";
import type { Source, Sources, TextFile } from "../../ports/sources.ts";
import type { ContentKind } from "../../ports/store.ts";

/** Larger than any honest document; a bigger file is a mistake and is not read. */
const MAX_FILE_BYTES = 1_000_000;
/** `flows/` holds these beside the flows. */
const SETTINGS = new Set(["settings", "texts", "words"]);

/** Sources that are files in two folders. What cannot be read is a problem; the rest is there. */
export function fileSources(flows: string, knowledge: string): Sources {
  /** None is needed to serve people: where the folder is missing there is nothing to compare with. */
  const textsIn = async (folder: string, name: RegExp): Promise<TextFile[]> => {
    const files: TextFile[] = [];
    for (const path of await filesIn(join(knowledge, folder), "", [])) {
      const file = fileName(knowledge, path);
      const text = name.test(basename(path)) ? await readOptional(path, file, []) : null;
      if (text !== null) files.push({ file, text });
    }
    return files;
  };
  return {
    async read(only) {
      const problems: Problem[] = [];
      const sources: Source[] = [];
      const take = async (
        root: string,
        folder: string,
        ending: string,
        name: (path: string) => [ContentKind, string] | null,
      ) => {
        for (const path of await filesIn(join(root, folder), ending, problems)) {
          const found = name(path);
          if (!found) continue;
          const file = fileName(root, path);
          const [kind, key] = found;
          const twin = sources.find((s) => s.kind === kind && s.key === key);
          if (twin) {
            problems.push(fault("file.twice", `${twin.file} has the same name: this one is not read`, file));
            continue;
          }
          const source = await textOf(path, file, problems);
          if (source !== null) sources.push({ kind, key, file, source });
        }
      };
      if (!only) {
        await take(flows, ".", ".yaml", (path) => {
          const key = basename(path, ".yaml");
          return [SETTINGS.has(key) ? "settings" : "flow", key];
        });
      }
      if (!only || only === "knowledge") {
        await take(knowledge, "articles", ".md", (path) => ["article", basename(path, ".md")]);
        await take(knowledge, "directory", ".yaml", (path) => ["service", basename(path, ".yaml")]);
      }
      if (!only || only === "risk")
        await take(knowledge, "risk", ".yaml", (path) => riskKey(relative(join(knowledge, "risk"), path)));
      const searchFiles: Record<string, string> = {};
      const optional = (...parts: string[]) => {
        const path = join(knowledge, ...parts);
        return readOptional(path, fileName(knowledge, path), problems);
      };
      const model = !only || only === "risk" ? await optional("risk", "model.json") : null;
      if (only === "risk") return { sources, searchFiles, model, problems };
      const search = join(knowledge, "search");
      for (const path of await filesIn(search, "", problems)) {
        // What people asked stands in a folder of its own, by authors.
        const name = relative(search, path).split(sep).join("/");
        if (!name.endsWith(".yaml") && !isAsked(name)) continue;
        const text = await textOf(path, fileName(knowledge, path), problems);
        if (text !== null) searchFiles[isAsked(name) ? name : basename(path)] = text;
      }
      if (only === "search") return { sources, searchFiles, model, problems };
      const meanings: Partial<Record<Lang, string>> = {};
      for (const lang of LANGS) {
        const text = await optional("search", MEANING_FILES[lang]);
        if (text !== null) meanings[lang] = text;
      }
      const banned = await optional("check", "banned.yaml");
      return { sources, searchFiles, meanings, model, banned, problems };
    },
    golden: () => textsIn("golden", /\.jsonl$/),
    regression: () => textsIn(join("risk", "phrases"), /^(?:dev|blind)-.*\.tsv$/),
  };
}

function fileName(root: string, path: string): string {
  return [basename(root), relative(root, path).split(sep).join("/")].join("/");
}

/** Rules and instruments are edited; the phrases beside them are the ear's school books. */
function riskKey(path: string): [ContentKind, string] | null {
  const key = path
    .split(sep)
    .join("/")
    .replace(/\.yaml$/, "");
  return !key.includes("/") || key.startsWith("instruments/") ? ["rules", key] : null;
}

async function filesIn(folder: string, ending: string, problems: Problem[]): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((e) => e.isFile() && e.name.endsWith(ending) && !e.name.startsWith("."))
      .map((e) => join(e.parentPath, e.name))
      .sort();
  } catch (cause) {
    problems.push(
      fault("folder.unreadable", `the folder cannot be read: ${reason(cause)}`, basename(folder)),
    );
    return [];
  }
}

async function textOf(path: string, file: string, problems: Problem[]): Promise<string | null> {
  try {
    const { size } = await lstat(path);
    if (size > MAX_FILE_BYTES) {
      problems.push(fault("file.too_large", `the file has ${size} bytes; at most ${MAX_FILE_BYTES}`, file));
      return null;
    }
    // The mark at the beginning of a file belongs to its bytes: an export gives it back.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    problems.push(fault("file.unreadable", `the file cannot be read as UTF-8 text: ${reason(cause)}`, file));
    return null;
  }
}

/** A file that may be absent: null then. What is there and cannot be read is null too, and named. */
export async function readOptional(path: string, file: string, problems: Problem[]): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = reason(cause);
    if (why !== "ENOENT")
      problems.push(fault("file.unreadable", `the file cannot be read as UTF-8 text: ${why}`, file));
    return null;
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error && "code" in cause
    ? String(cause.code)
    : cause instanceof Error
      ? cause.name
      : "unknown";
}

function fault(code: string, message: string, file: string): Problem {
  return { code, message, file, line: 1, severity: "error" };
}
