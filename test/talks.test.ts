/** Plays every talk: the behaviour suite, which counsellors can read and write. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { step } from "../bot/core/conversation.ts";
import type { Effect } from "../bot/core/effects.ts";
import type { Lang, Outbound } from "../bot/core/message.ts";
import { describeProblem } from "../bot/core/problem.ts";
import {
  beginRehearsal,
  describeEffect,
  describeMessage,
  move,
  type Rehearsal,
} from "../bot/core/rehearsal.ts";
import { newState } from "../bot/core/state.ts";
import { fits, readTalk, type Talk } from "../bot/core/talk.ts";
import type { World } from "../bot/core/world.ts";
import { repositoryWorld } from "./world.ts";

const folder = join(import.meta.dirname, "talks");

describe("talks", () => {
  // The first question to the library makes its index, which takes long beside others.
  beforeAll(async () => {
    const { world } = beginRehearsal(await repositoryWorld("web"), 0, "vi");
    world.search({ text: "ly hôn", lang: "vi", before: [], limit: 1, today: "2026-11-22" });
  }, 120_000);

  for (const name of readdirSync(folder)
    .filter((f) => f.endsWith(".talk"))
    .sort()) {
    const { talk, problems } = readTalk(readFileSync(join(folder, name), "utf8"), name);
    it(`${name}: ${talk?.title ?? "unreadable"}`, async () => {
      expect(problems.map((p) => describeProblem(p))).toEqual([]);
      if (talk) await play(talk, name);
    });
  }
});

async function play(talk: Talk, name: string): Promise<void> {
  const world = opened(await repositoryWorld(talk.channel), talk);
  const r = beginRehearsal(world, talk.startsAt, talk.lang);
  let said: Outbound[] = [];
  let effects: Effect[] = [];
  const told: string[] = [];
  for (const line of talk.steps) {
    const at = `${name}:${line.line}`;
    if (line.kind === "expects") {
      const i = said.findIndex((m) => fits(line.glob, m.text));
      if (line.glob === "")
        expect(
          said.map((m) => m.text),
          `${at} expected no message\n${told.join("\n")}`,
        ).toEqual([]);
      else
        expect(
          i,
          `${at} expected "${line.glob}", got:\n${said.map(describeMessage).join("\n") || "(nothing)"}\n\n${told.join("\n")}`,
        ).toBeGreaterThanOrEqual(0);
      said = said.slice(i + 1);
    } else if (line.kind === "effect") {
      const seen = effects.map(describeEffect).filter((e) => e !== null);
      const has = seen.some((e) => e === line.words || e.startsWith(`${line.words} `));
      expect(
        has,
        `${at} expected ${line.absent ? "no " : ""}effect "${line.words}", got: ${seen.join(", ")}\n\n${told.join("\n")}`,
      ).toBe(!line.absent);
    } else {
      const moved = move(r, line);
      expect(
        moved,
        `${at} cannot be done here; offered: ${r.state.offered.map((c) => `[${c.label}]`).join(" ")}\n\n${told.join("\n")}`,
      ).not.toBeNull();
      said = [...(moved?.sent ?? [])];
      effects = [...(moved?.effects ?? [])];
      told.push(`${line.line} ${JSON.stringify({ ...line, line: undefined })}`, ...said.map(describeMessage));
    }
  }
  replay(r, talk.lang);
}

/** A talk in which the model speaks is held where an administrator has opened the doors to it. */
function opened(world: World, talk: Talk): World {
  if (!talk.steps.some((s) => s.kind === "desk" && s.verb === "model")) return world;
  return {
    ...world,
    settings: {
      ...world.settings,
      model: { enabled: true, doors: ["question", "helper"], timeout_ms: 6_000 },
    },
  };
}

/** Replaying a conversation's events gives the same conversation. */
function replay(r: Rehearsal, lang: Lang): void {
  let state = newState(lang);
  for (const event of r.events) state = step(state, event, r.world).state;
  expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(r.state)));
}
