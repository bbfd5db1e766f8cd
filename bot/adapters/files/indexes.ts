/** Indexes kept as files in a folder, each made by a process of its own. */

import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { Indexes } from "../../ports/indexes.ts";
import { fileOf, indexOf, readIndex } from "./index-file.ts";
import type { Made, Order } from "./index-maker.ts";
import { oneMaker } from "./one-maker.ts";

/** Of what no file could keep so many stay in memory, the newest: two editions in both languages. */
const MOST_HELD = 4;

/** `madeBy` names the code that makes them. Without a folder, or where it cannot be written, what is prepared stays in memory until it is asked for. */
export function openIndexes(folder: string | null, madeBy: string): Indexes {
  const held = new Map<string, Buffer>();
  const underway = new Map<string, Promise<boolean>>();
  const at = (name: string) => (folder === null ? null : fileOf(folder, name));

  const hold = (name: string, bytes: Buffer) => {
    held.set(name, bytes);
    for (const oldest of [...held.keys()].slice(0, -MOST_HELD)) held.delete(oldest);
  };
  const make = async (order: Order, name: string): Promise<boolean> => {
    try {
      const { file } = order;
      const made = await (file === null
        ? madeBeside(order)
        : oneMaker(
            `${file}.making`,
            () => existsSync(file),
            () => madeBeside(order),
          ));
      if (made) hold(name, Buffer.from(made));
      return true;
    } catch {
      return false;
    }
  };
  return {
    nameOf: ({ meaning, ...input }) =>
      createHash("sha256")
        .update(`${madeBy}\n${JSON.stringify(input)}\n`)
        .update(meaning ?? "")
        .digest("base64url"),
    kept(name) {
      const bytes = held.get(name);
      // Asked for once: who asks keeps it.
      held.delete(name);
      if (bytes) return indexOf(bytes);
      const file = at(name);
      return file === null ? undefined : readIndex(file);
    },
    prepare(name, input) {
      const file = at(name);
      if (held.has(name) || (file !== null && existsSync(file))) return Promise.resolve(true);
      const made = underway.get(name) ?? make({ input, file }, name).finally(() => underway.delete(name));
      underway.set(name, made);
      return made;
    },
  };
}

/** Rejects when the process ends without an index: it could not be started, or had too little memory. */
function madeBeside(order: Order): Promise<Made> {
  return new Promise((resolve, reject) => {
    const { NODE_COMPILE_CACHE } = process.env;
    const maker = fork(new URL("./index-maker.ts", import.meta.url), {
      serialization: "advanced",
      stdio: "ignore",
      // It needs no secret, and none of what this process was told at its start but how much memory is there.
      env: NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE },
      execArgv: ["--max-semi-space-size=8"],
    });
    maker.once("message", (made) => resolve(made as Made));
    maker.once("error", reject);
    maker.once("exit", () => reject(new Error("no index was made")));
    maker.send(order, (error) => error && reject(error));
  });
}
