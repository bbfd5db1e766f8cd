/** Who has left gets nothing more of what was said before, also when the platform was away meanwhile. */

import { expect, it } from "vitest";
import { ZALO_OA_CAPS } from "../../bot/adapters/zalo-oa/render.ts";
import type { ChannelName, Outbound } from "../../bot/core/message.ts";
import type { Settings } from "../../bot/core/settings.ts";
import type { Channel } from "../../bot/ports/channel.ts";
import { MINUTE, openBench } from "./service.ts";

async function afterOutage(last: (settings: Settings) => string, goodbye: (settings: Settings) => string) {
  const bench = await openBench();
  try {
    const { settings } = bench.parts.library.base();
    const sent: string[] = [];
    let isAway = false;
    const channel = {
      name: "zalo-oa",
      caps: ZALO_OA_CAPS,
      secrets: [],
      async send(_: string, message: Outbound) {
        if (isAway) return { ok: false, code: "zalo-oa.gateway_502", kind: "retry" };
        sent.push(message.text);
        return { ok: true };
      },
      wipe: async () => [],
    } as unknown as Channel;
    (bench.parts.channels as Map<ChannelName, Channel>).set("zalo-oa", channel);
    for (const words of ["alo", "có"]) await bench.says("42", words, "zalo-oa");
    isAway = true;
    await bench.says("42", "chồng đánh em, em sợ lắm", "zalo-oa");
    bench.pass(MINUTE);
    await bench.says("42", last(settings), "zalo-oa");
    const before = sent.length;
    isAway = false;
    bench.pass(MINUTE);
    await bench.settle();
    expect(sent.slice(before)).toEqual([goodbye(settings)]);
  } finally {
    await bench.close();
  }
}

it("sends only the goodbye when the platform is there again after her exit", () =>
  afterOutage(
    () => "thoát",
    ({ texts }) => `${texts["exit.line"]?.vi}\n\n${texts["exit.by_hand"]?.vi}`,
  ));

it("sends only dull words when somebody else seems to have taken the phone meanwhile", () =>
  afterOutage(
    ({ words }) => [...words.snoop][0] ?? "",
    ({ texts }) => texts.decoy?.vi ?? "",
  ));
