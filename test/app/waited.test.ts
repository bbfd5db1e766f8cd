/** What lay in our own inbox for hours (no worker ran, a backup was brought back) is decided as of then, not as of now. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { ZALO_BOT_CAPS } from "../../bot/adapters/zalo-bot/render.ts";
import type { ChannelName } from "../../bot/core/message.ts";
import type { Channel } from "../../bot/ports/channel.ts";
import { type Bench, DAY, HOUR, MINUTE, openBench } from "./service.ts";

const HER = "42";
let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
  const channel = { name: "zalo-bot", caps: ZALO_BOT_CAPS, secrets: [], send: async () => ({ ok: true }) };
  (bench.parts.channels as Map<ChannelName, Channel>).set("zalo-bot", channel as unknown as Channel);
});
afterEach(() => bench.close());

const said = async () => (await bench.lines(HER, "zalo-bot")).filter((l) => l.from !== "person");
const cases = () => bench.parts.store.cases.list({ states: ["waiting"], limit: 9 });

for (const [waited, ms] of [
  ["five hours", 5 * HOUR],
  ["three days", 3 * DAY],
] as const)
  it(`puts no card before whoever holds her phone ${waited} after she cried for help, and calls the desk`, async () => {
    for (const words of ["alo", "có"]) await bench.says(HER, words, "zalo-bot");
    const before = (await said()).length;
    await bench.put(HER, "nó đang cầm dao ngoài cửa", "zalo-bot");
    bench.pass(ms);
    await bench.settle();
    const { texts } = bench.parts.library.base().settings;
    expect((await said()).slice(before).map((l) => l.text)).toEqual([texts["gate.ask"]?.vi]);
    expect((await cases()).map((c) => c.level)).toEqual(["emergency"]);
    await bench.says(HER, "vâng", "zalo-bot");
    expect((await said()).at(-1)?.text).toMatch(/113[\s\S]*115/);
  });

it("answers at once what waited a few minutes", async () => {
  for (const words of ["alo", "có"]) await bench.says(HER, words, "zalo-bot");
  await bench.put(HER, "nó đang cầm dao ngoài cửa", "zalo-bot");
  bench.pass(5 * MINUTE);
  await bench.settle();
  expect((await said()).at(-1)?.text).toMatch(/113[\s\S]*115/);
});

it("puts harmless words before a counsellor's that nobody sent on for hours, as if written now", async () => {
  for (const words of ["alo", "có", "cho em gặp người thật"]) await bench.says(HER, words, "zalo-bot");
  const [row] = await cases();
  if (!row) throw new Error("no case");
  await bench.services.desk.claim(bench.staff, row.id);
  await bench.settle();
  const reply = await bench.services.desk.reply(bench.staff, row.id, "Chị đây, em ơi", "k");
  expect(reply.ok).toBe(true);
  bench.pass(5 * HOUR);
  await bench.settle();
  const { texts } = bench.parts.library.base().settings;
  expect((await said()).at(-1)?.text).toBe(`${texts.after_pause?.vi}\n\nChị đây, em ơi`);
});
