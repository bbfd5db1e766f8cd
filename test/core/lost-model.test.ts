/** The process died while a model was shortening, and came back after a pause: her question is answered when it is known to be her. */

import { expect, test } from "vitest";
import { beginRehearsal, says, taps } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

test("a question that a crash took is answered behind the gate", async () => {
  const world = await repositoryWorld("telegram");
  const model = { enabled: true, doors: ["question" as const], timeout_ms: 6_000 };
  const r = beginRehearsal(
    { ...world, settings: { ...world.settings, model } },
    Date.parse("2026-11-22T21:30+07:00"),
    "vi",
  );
  says(r, { kind: "text", text: "alo" });
  taps(r, "Có, nói được");
  taps(r, "Tôi chỉ muốn hỏi");
  says(r, { kind: "text", text: "ly hôn cần giấy tờ gì" });
  expect(r.state.asking?.question).toBe("ly hôn cần giấy tờ gì");
  r.now += 40 * 60_000;
  says(r, { kind: "text", text: "alo" });
  taps(r, "Vâng, xem tiếp");
  expect(r.state.asked.concat(r.state.asking?.question ?? "")).toContain("ly hôn cần giấy tờ gì");
});
