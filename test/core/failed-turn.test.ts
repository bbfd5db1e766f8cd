/** A turn that could not be decided still gets its numbers, but not on the screen of whoever met the duress word. */

import { expect, test } from "vitest";
import type { EventId } from "../../bot/core/ids.ts";
import { beginRehearsal, give, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const failed = { type: "turn_failed", failed: "e0" as EventId } as const;
const textOf = (sent: readonly { text: string }[]) => sent.map((m) => m.text).join("\n");

test("a failed turn under duress says what every other answer says there", async () => {
  const r = beginRehearsal(await repositoryWorld("telegram"), Date.parse("2026-11-22T21:30+07:00"), "vi");
  says(r, { kind: "text", text: "alo" });
  expect(textOf(give(r, failed).sent)).toContain("113");
  r.state.own = { private: "hoa mam", duress: "chi con mam khong" };
  const dull = textOf(says(r, { kind: "text", text: "chị còn mắm không" }).sent);
  expect(dull).not.toContain("113");
  expect(textOf(give(r, failed).sent)).toBe(dull);
});
