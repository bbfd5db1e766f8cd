/** The world of the files in this repository, compiled once, without a store. */

import { join } from "node:path";
import { fileSources } from "../bot/adapters/files/sources.ts";
import { type Base, type Compiled, compile, makeReader, worldFor } from "../bot/app/library.ts";
import { capsOf } from "../bot/channel-caps.ts";
import type { ChannelName } from "../bot/core/message.ts";
import { describeProblem } from "../bot/core/problem.ts";
import type { World } from "../bot/core/world.ts";

export const TODAY = "2026-11-22";
const root = join(import.meta.dirname, "..");
let compiled: Promise<Compiled & { readonly base: Base }> | undefined;

export function repositoryCompiled(): Promise<Compiled & { readonly base: Base }> {
  compiled ??= load();
  return compiled;
}

export async function repositoryBase(): Promise<Base> {
  return (await repositoryCompiled()).base;
}

export async function repositoryWorld(channel: ChannelName): Promise<World> {
  return worldFor(await repositoryBase(), capsOf(channel));
}

async function load(): Promise<Compiled & { readonly base: Base }> {
  const files = await fileSources(join(root, "flows"), join(root, "knowledge")).read();
  const made = compile(files.sources, files, 1, TODAY, makeReader());
  const errors = [...files.problems, ...made.problems].filter((p) => p.severity === "error");
  if (!made.base || errors.length > 0) throw new Error(errors.map((p) => describeProblem(p)).join("\n"));
  return { ...made, base: made.base };
}
