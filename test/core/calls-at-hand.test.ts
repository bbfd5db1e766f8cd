/** Numbers to call stay under her thumb while she is in danger. */

import { expect, it } from "vitest";
import { beginRehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

it("gives the buttons again when the emergency card is asked again, since it has scrolled away", async () => {
  const r = beginRehearsal(await repositoryWorld("telegram"), Date.parse("2026-11-23T22:10+07:00"), "vi");
  const calls = (words: string) =>
    says(r, { kind: "text", text: words }).sent.map((m) =>
      m.choices.filter((c) => c.kind === "call").map((c) => c.value),
    );
  expect(calls("no dang cam dao ngoai cua")).toEqual([["113", "115"]]);
  expect(calls("alo bạn ơi")).toEqual([["113", "115"]]);
});
