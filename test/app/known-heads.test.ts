/** Who wrote lately is not looked up again, and never mistaken for who has the address now. */

import { describe, expect, it } from "vitest";
import { takeIn } from "../../bot/app/inbox.ts";
import { makeKnownHeads } from "../../bot/app/known-heads.ts";
import type { Parts } from "../../bot/app/parts.ts";
import type { ConversationHead } from "../../bot/ports/store.ts";
import { openBench } from "./service.ts";

const MINUTE = 60_000;
const headOf = (id: string) => ({ id }) as unknown as ConversationHead;

describe("heads that are known", () => {
  it("stay for five minutes after the last message, and no more than two thousand of them", () => {
    const heads = makeKnownHeads();
    heads.put("a", headOf("1"), 0);
    heads.put("b", headOf("2"), MINUTE);
    heads.put("a", headOf("1"), 4 * MINUTE);
    expect(heads.get("b", 6 * MINUTE)).toBeUndefined();
    expect(heads.get("a", 8 * MINUTE)).toEqual(headOf("1"));
    expect(heads.get("a", 9 * MINUTE)).toBeUndefined();
    for (let i = 0; i < 2_001; i += 1) heads.put(`n${i}`, headOf(`${i}`), 10 * MINUTE);
    expect(heads.get("n0", 10 * MINUTE)).toBeUndefined();
    expect(heads.get("n1", 10 * MINUTE)).toEqual(headOf("1"));
    heads.drop("n1");
    expect(heads.get("n1", 10 * MINUTE)).toBeUndefined();
  });

  it("are not looked up again, and begin anew after she had herself forgotten", async () => {
    const bench = await openBench();
    const { store, vault } = bench.parts;
    const pseudonym = vault.pseudonym("web", "her");
    let looked = 0;
    const conversations = {
      ...store.conversations,
      find(who: string) {
        looked += 1;
        return store.conversations.find(who);
      },
    };
    const parts: Parts = { ...bench.parts, store: { ...store, conversations }, heads: makeKnownHeads() };
    let n = 0;
    const writes = async (text: string) => {
      n += 1;
      bench.pass(1_000);
      const at = bench.parts.clock.now();
      const content = { kind: "text", text } as const;
      await takeIn(parts, [{ channel: "web", address: "her", key: `k${n}`, at, content }]);
      await bench.settle();
    };
    for (const words of ["alo", "có", "5"]) await writes(words);
    expect(looked).toBe(1);
    const before = await store.conversations.find(pseudonym);
    await writes("xóa hết");
    await writes("có");
    expect(await store.conversations.find(pseudonym)).toBeNull();
    expect(looked).toBe(1);
    await writes("alo");
    expect(looked).toBe(2);
    const after = await store.conversations.find(pseudonym);
    expect(after?.id).not.toBe(before?.id);
    expect((await bench.lines("her")).map((l) => l.from)).toEqual(["person", "bot"]);
    await bench.close();
  });
});
