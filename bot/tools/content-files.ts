/** `npm run -s cli -- content export|import`: everything edited as files, with the names and bytes of `flows/` and `knowledge/`. */

import { existsSync } from "node:fs";
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { makeFolder } from "../adapters/folder.ts";
import { type BundleFile, MAX_FILES, sourceKey } from "../app/bundle.ts";
import type { Staff } from "../app/services.ts";
import type { assemble, Overrides } from "../assemble.ts";
import type { Config } from "../config.ts";
import type { StaffId } from "../core/ids.ts";
import type { Lang } from "../core/message.ts";
import { describeProblem } from "../core/problem.ts";
import { sayProblem } from "../core/problem-words.ts";
import { openInstallation } from "./installation.ts";

export interface Voice {
  say(line: string): void;
  complain(line: string): void;
}

/** Whoever can start this on the machine can do everything; what is done carries this name. */
const OPERATOR: Staff = {
  id: "operator" as StaffId,
  login: "operator",
  alias: "operator",
  roles: ["administrator"],
};
const MAX_FILE_BYTES = 1_000_000;

export const USAGE = `content export --to FOLDER            every published text, rule and setting as files
content import --from FOLDER [--publish] [--accept "why golden questions may fall"] [--lang vi]
                                      takes flows/ and knowledge/ of the folder in, all or none, as drafts`;

/** Runs one verb; the number is the exit code. */
export async function contentFiles(
  config: Config,
  [verb, ...args]: readonly string[],
  voice: Voice,
  overrides: Overrides = {},
): Promise<number> {
  const option = (name: string) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const [to, from] = [option("to"), option("from")];
  if (!(verb === "export" && to) && !(verb === "import" && from)) {
    voice.complain(USAGE);
    return 2;
  }
  if (to && existsSync(to) && (await readdir(to)).length > 0) {
    voice.complain(`${to} is not empty: nothing was written. Name a folder that does not exist yet.`);
    return 1;
  }
  const read = from ? await filesIn(from) : null;
  if (read && !read.ok) {
    voice.complain(read.why);
    return 1;
  }
  const service = await openInstallation(config, overrides);
  try {
    const { editorial } = service.services;
    if (to) return await write(to, await editorial.exportFiles(OPERATOR), voice);
    const lang: Lang = option("lang") === "vi" ? "vi" : "en";
    const accept = option("accept");
    const answer = await editorial.importFiles(OPERATOR, read?.files ?? [], {
      publish: args.includes("--publish"),
      ...(accept ? { accept } : {}),
    });
    if (!answer.ok) {
      for (const p of answer.problems ?? [])
        voice.complain(`${p.severity}: ${describeProblem(p, sayProblem(p, lang))}`);
      voice.complain(`nothing was taken in: ${answer.message}`);
      return 1;
    }
    for (const name of answer.taken)
      voice.say(`${args.includes("--publish") ? "published" : "draft"} ${name}`);
    voice.say(
      `${answer.taken.length} taken in, ${answer.same} the same already, ${answer.other.length} other files left alone`,
    );
    return 0;
  } finally {
    await service.stop();
  }
}

type Exported = Awaited<
  ReturnType<Awaited<ReturnType<typeof assemble>>["services"]["editorial"]["exportFiles"]>
>;

async function write(to: string, answer: Exported, voice: Voice): Promise<number> {
  if (!answer.ok) {
    voice.complain(answer.message);
    return 1;
  }
  for (const { path, text } of answer.files) {
    const file = join(to, path);
    try {
      makeFolder(dirname(file), 0o777);
      await writeFile(file, text);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "unknown";
      voice.complain(
        `${file} can't be written (${code}): the files are not whole. Name a folder on a disk with room, in which this account may write.`,
      );
      return 1;
    }
  }
  voice.say(`${answer.files.length} files in ${to}`);
  return 0;
}

/** The folder's texts that are edited; what is too large or no text is said before anything is opened. */
async function filesIn(
  folder: string,
): Promise<{ ok: true; files: BundleFile[] } | { ok: false; why: string }> {
  const files: BundleFile[] = [];
  for (const part of ["flows", "knowledge"]) {
    if (!existsSync(join(folder, part))) continue;
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((e) => e.isFile())) {
      const file = join(entry.parentPath, entry.name);
      const path = relative(folder, file).split(sep).join("/");
      if (!sourceKey(path)) continue;
      if (files.length >= MAX_FILES)
        return { ok: false, why: `more than ${MAX_FILES} files: nothing was taken in` };
      const { size } = await lstat(file);
      if (size > MAX_FILE_BYTES)
        return {
          ok: false,
          why: `${path} has ${size} bytes; at most ${MAX_FILE_BYTES}: nothing was taken in`,
        };
      try {
        // The mark at the beginning of a file belongs to its bytes.
        const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
        files.push({ path, text });
      } catch {
        return { ok: false, why: `${path} cannot be read as UTF-8 text: nothing was taken in` };
      }
    }
  }
  return { ok: true, files };
}
