/** Reads the golden questions (`knowledge/golden/*.jsonl`) as texts. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every `.jsonl` file of the folder; none when there is no such folder. */
export async function goldenFilesIn(folder: string): Promise<{ file: string; text: string }[]> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  } catch {
    return [];
  }
  return Promise.all(names.map(async (file) => ({ file, text: await readFile(join(folder, file), "utf8") })));
}
