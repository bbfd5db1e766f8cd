/** Embeddings of our own articles' texts in a file, by hash of text and model: a start asks for none twice. */

import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { VectorShelf } from "../../ports/model.ts";
import { makeFolder } from "../folder.ts";

/** One line each: hash, a space, the vector as base64 of 32-bit floats. Lines that cannot be read are passed over. */
export function openVectorFile(path: string, model: string): VectorShelf {
  const name = (text: string) => createHash("sha256").update(`${model}\n${text}`).digest("base64url");
  let kept: Promise<Map<string, Float32Array>> | undefined;
  const all = () => {
    kept ??= readAll(path);
    return kept;
  };
  return {
    async get(text) {
      return (await all()).get(name(text)) ?? null;
    },
    async put(entries) {
      const map = await all();
      const lines = entries.map(({ text, vector }) => {
        map.set(name(text), vector);
        return `${name(text)} ${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64")}\n`;
      });
      try {
        makeFolder(dirname(path));
        await appendFile(path, lines.join(""), { mode: 0o600 });
      } catch {
        // A folder that is only read (containers), a full disk: it serves as long as we run, and the next start asks again.
      }
    },
  };
}

async function readAll(path: string): Promise<Map<string, Float32Array>> {
  const text = await readFile(path, "utf8").catch(() => "");
  const map = new Map<string, Float32Array>();
  for (const line of text.split("\n")) {
    const [hash, base64] = line.split(" ");
    const bytes = Buffer.from(base64 ?? "", "base64");
    if (!hash || bytes.length === 0 || bytes.length % 4 !== 0) continue;
    map.set(hash, new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
  }
  return map;
}
