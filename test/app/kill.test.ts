/** Kill -9 at random moments under a stream of messages: nothing that got a 200 is lost, doubled or out of order. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { envelope } from "../../bot/app/contexts.ts";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import { BotApiControl, type BotApiPerson } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, startService } from "../running.ts";
import { freePort } from "../servers.ts";

const PEOPLE = 8;
const KILLS = 4;
/** Each is answered; what the answer is does not depend on when it comes. */
const SCRIPT = ["alo", "có", "5", "cấm tiếp xúc là gì", "gọi người thật", "no dang cam dao ngoai cua", "có"];

describe("kill -9 under a stream of messages", () => {
  let peer: Awaited<ReturnType<typeof startBotApi>>;
  let control: BotApiControl;
  let service: Running;

  beforeAll(async () => {
    peer = await startBotApi({ port: 0 });
    control = new BotApiControl(peer.url);
    const port = String(await freePort());
    service = await startService({
      PORT: port,
      LOG_LEVEL: "error",
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
  }, 60_000);
  afterAll(async () => {
    await service?.remove();
    await peer?.close();
  });

  it("answers everything once, in order, and keeps every case", async () => {
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => control.person()));
    const talks = Promise.all(people.map(tellAll));
    for (let n = 0; n < KILLS; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1_500));
      await service.kill("SIGKILL");
      service = await service.again();
    }
    await talks;
    // A platform that found nobody comes again later: what it still holds was never taken, and is not lost.
    await expect
      .poll(async () => (await control.state()).pending, { timeout: 60_000, interval: 200 })
      .toBe(0);
    await expect
      .poll(async () => (await metric("benan_outbox")) ?? 0, { timeout: 60_000, interval: 500 })
      .toBe(0);
    await service.kill("SIGTERM");

    const stored = await readBack(service.dataDir, peer.token, people);
    for (const [i, person] of people.entries()) {
      const { lines, cases } = stored[i] ?? { lines: [], cases: 0 };
      expect(lines.filter((l) => l.author === "person").map((l) => l.text)).toEqual(SCRIPT);
      // Never more than one reply for each of her messages (a burst that piled up while we were dead is answered once),
      // beside the notices about a delivery that was cut in the middle; and the last word is ours.
      const answers = lines.filter((l) => l.author === "bot" && !l.text.startsWith("Có thể một tin"));
      expect(answers.length).toBeLessThanOrEqual(SCRIPT.length);
      expect(answers.filter((l) => l.text.includes("Tránh bếp"))).toHaveLength(1);
      expect(lines.at(-1)?.author).toBe("bot");
      expect(cases).toBe(1);
      await seenOnce(person, lines);
    }
    expect(await control.violations()).toEqual([]);
  }, 180_000);

  async function metric(name: string): Promise<number | undefined> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    const rows = [
      ...text.matchAll(new RegExp(`^${name}\\{[^}]*state="(?:queued|sending)"[^}]*\\} (\\d+)`, "gm")),
    ];
    return rows.reduce((n, r) => n + Number(r[1]), 0);
  }
});

/** Writes the script, each message after a new answer came (or after a while: an answer may have been cut off). */
async function tellAll(person: BotApiPerson): Promise<void> {
  for (const words of SCRIPT) {
    const before = await botCount(person);
    await person.write(words);
    const until = Date.now() + 12_000;
    while ((await botCount(person)) <= before && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function botCount(person: BotApiPerson): Promise<number> {
  return (await person.history()).filter((m) => m.from === "bot").length;
}

interface Line {
  readonly author: string;
  readonly text: string;
  readonly state: string;
  readonly safety: boolean;
}

/** What the database holds, opened with its own key. */
async function readBack(
  dataDir: string,
  token: string,
  people: readonly BotApiPerson[],
): Promise<{ lines: Line[]; cases: number }[]> {
  const config = configFrom({ DATA_DIR: dataDir, TELEGRAM_BOT_TOKEN: token });
  if (!config.ok) throw new Error(config.faults.join());
  const { parts, stop } = await assemble(config.config, { log: () => {} });
  const rows = await parts.store.cases.list({ states: ["waiting", "claimed", "closed"], limit: 1_000 });
  const found = [];
  for (const person of people) {
    const head = await parts.store.conversations.find(parts.vault.pseudonym("telegram", person.address));
    if (!head) throw new Error("a conversation is lost");
    const box = envelope(parts.vault, head.wrappedKey);
    const lines = (await parts.store.conversations.transcript(head.id, 0, 1_000)).map((l) => {
      const { text, safety = false } = box.line.open(l.id, l.sealed);
      return { author: l.author, text, state: l.state, safety };
    });
    found.push({ lines, cases: rows.filter((r) => r.conversationId === head.id).length });
  }
  await stop();
  return found;
}

/** On her phone: everything that is recorded as sent, in order; twice only what is a safety text. */
async function seenOnce(person: BotApiPerson, lines: readonly Line[]): Promise<void> {
  const seen = (await person.history()).filter((m) => m.from === "bot").map((m) => m.text);
  const said = lines.filter((l) => l.author === "bot");
  let at = 0;
  for (const line of said) {
    if (seen[at] === line.text) {
      at += 1;
      if (line.safety && seen[at] === line.text) at += 1;
    } else expect(line, `not on the phone: ${line.text.slice(0, 60)}`).toMatchObject({ state: "unclear" });
  }
  expect(seen.slice(at), "on the phone but never said, doubled, or out of order").toEqual([]);
}
