/** On a channel without buttons the number that she reads and the number that she writes must mean the same, everywhere. */

import { expect, it } from "vitest";
import { renderMessage, ZALO_BOT_CAPS } from "../../../bot/adapters/zalo-bot/render.ts";
import { worldFor } from "../../../bot/app/library.ts";
import type { Choice, Content, Outbound } from "../../../bot/core/message.ts";
import { beginRehearsal, give, type Rehearsal, says } from "../../../bot/core/rehearsal.ts";
import { repositoryBase } from "../../world.ts";

const START = Date.parse("2026-11-22T21:30:00+07:00");
const WALKS = 25;
const STEPS = 14;

/** The answers of a message with the number that stands before each on her screen. */
function numbered(message: Outbound): readonly { readonly choice: Choice; readonly number: string }[] {
  const lines = renderMessage(message).join("\n").split("\n");
  return message.choices
    .filter((choice) => choice.kind === "answer")
    .map((choice) => ({
      choice,
      number:
        lines.flatMap((line) => (line.endsWith(`. ${choice.label}`) ? (/^\d+/.exec(line) ?? []) : []))[0] ??
        "none",
    }));
}

/** What one move brings, from a copy, so that another can be tried from the same place. */
function outcome(r: Rehearsal, content: Content): string {
  const copy: Rehearsal = structuredClone({ ...r, world: null }) as never;
  const moved = says({ ...copy, world: r.world }, content);
  return moved.sent.map((m) => `${m.text}\n${m.choices.map((c) => c.label).join("|")}`).join("\n===\n");
}

it("writing the number does what tapping would do, at every stop of many walks through the flows", async () => {
  const world = worldFor(await repositoryBase(), ZALO_BOT_CAPS);
  const wrong = new Set<string>();
  let compared = 0;
  let seed = 7;
  for (let walk = 0; walk < WALKS; walk += 1) {
    const r = beginRehearsal(world, START, "vi");
    let message = give(r, { type: "message_received", content: { kind: "arrived" } }).sent.at(-1);
    for (let step = 0; message && step < STEPS; step += 1) {
      const answers = numbered(message);
      if (answers.length === 0) break;
      for (const { choice, number } of answers) {
        compared += 1;
        const tapped = outcome(r, { kind: "choice", value: choice.value });
        const written = outcome(r, { kind: "text", text: number });
        if (tapped !== written)
          wrong.add(`${message.text.slice(0, 60)} → ${number}. ${choice.label} (${choice.value})`);
      }
      seed = (seed * 48_271) % 2_147_483_647;
      const next = answers[seed % answers.length]?.choice.value ?? "";
      message = says(r, { kind: "choice", value: next }).sent.at(-1);
    }
  }
  expect(compared).toBeGreaterThan(100);
  expect([...wrong]).toEqual([]);
});
