/** The verbs over the flows of this folder, without a store: `flows check` and `talk`. */

import { createInterface } from "node:readline";
import { fileSources } from "../adapters/files/sources.ts";
import { type Compiled, compile, makeReader, worldFor } from "../app/library.ts";
import { capsOf } from "../channel-caps.ts";
import { openContentCache } from "../content-cache.ts";
import { dayOf } from "../core/day.ts";
import type { Problem } from "../core/problem.ts";
import { beginRehearsal, describeEffect, describeMessage, type Moved, move } from "../core/rehearsal.ts";
import { readTalk } from "../core/talk.ts";
import { option, tell } from "./told.ts";

interface Folders {
  readonly flows: string;
  readonly knowledge: string;
}

type Say = (line: string) => void;

async function compiled({
  flows,
  knowledge,
}: Folders): Promise<Compiled & { readonly fileProblems: readonly Problem[] }> {
  const files = await fileSources(flows, knowledge).read();
  const cache = openContentCache();
  const made = compile(files.sources, files, 0, dayOf(Date.now()), makeReader(cache));
  cache.close();
  return { ...made, fileProblems: files.problems };
}

/** Says every fault of `flows/`; 1 when one of them is an error. */
export async function flowsCheck(folders: Folders, args: readonly string[], say: Say): Promise<number> {
  const { problems, fileProblems } = await compiled(folders);
  const ours = [...fileProblems, ...problems].filter((p) => p.file?.startsWith("flows/"));
  const failed = tell(ours, option(args, "lang") === "vi" ? "vi" : "en");
  if (failed === 0) say("flows: no faults");
  return failed;
}

/** A conversation in the terminal: lines in, the talk form out. */
export async function talk(folders: Folders, args: readonly string[], say: Say): Promise<number> {
  const channel = option(args, "channel") ?? "web";
  const lang = option(args, "lang") ?? "vi";
  const head = readTalk(`# talk\n@ ${channel} ${lang}\n`, "talk");
  const { base, problems } = await compiled(folders);
  if (!head.talk || !base) return tell([...head.problems, ...problems]);
  const started = new Date();
  const r = beginRehearsal(worldFor(base, capsOf(head.talk.channel)), started.getTime(), head.talk.lang);
  say(`# talk of ${started.toISOString().slice(0, 16)}\n@ ${channel} ${lang} ${started.toISOString()}`);
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const row of lines) {
    const written = /^[~=]/.test(row) ? row : `> ${row.replace(/^> ?/, "")}`;
    const [step] = readTalk(`# t\n@ web vi\n${written}\n`, "talk").talk?.steps ?? [];
    const moved = step ? move(r, step) : null;
    say(written);
    if (moved) print(moved, say);
    else say(`# this cannot be done here`);
  }
  return 0;
}

function print({ sent, effects }: Moved, say: Say): void {
  for (const message of sent) say(describeMessage(message));
  for (const words of effects.map(describeEffect)) if (words) say(`! ${words}`);
}
