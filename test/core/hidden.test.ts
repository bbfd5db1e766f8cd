/** Whom an app hides from us is told where she can be read. */

import { expect, it } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

it("names the page where one can write, if it has a public address", async () => {
  const world = { ...(await repositoryWorld("zalo-bot")), page: "https://goc-nho.example" };
  const r = beginRehearsal(world, Date.parse("2026-11-23T19:10+07:00"), "vi");
  const [told] = says(r, { kind: "unreadable" }).sent;
  expect(told?.text).toMatch(/111[\s\S]*https:\/\/goc-nho\.example$/);
  expect(told?.choices.every((c) => c.kind === "call")).toBe(true);
});
