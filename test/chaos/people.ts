/** People who write by script, on Telegram and on the page: each waits for an answer, and goes on when none comes. */

import { searchNumber, Visitor } from "../machines.ts";
import type { BotApiControl } from "../peers/bot-api/person.ts";
import type { Seen } from "./checker.ts";
import { counsellorSays, personSays, ROUNDS, story } from "./story.ts";

/** An answer that takes longer than this may have been cut off for good: she writes on. */
export const PATIENCE_MS = 15_000;
const LOOK_MS = 150;

/** One way to reach the service: taken means that it will not be lost. */
interface Line {
  say(text: string): Promise<void>;
  see(): Promise<readonly Seen[]>;
}

export interface Person {
  readonly mark: string;
  readonly said: string[];
  /** When she wrote what and first saw what, for finding out why something went wrong. */
  readonly diary: string[];
  readonly isDone: () => boolean;
  /** From the first word to the last; ends early when `stop` is aborted. */
  live(stop: AbortSignal): Promise<void>;
  see(): Promise<readonly Seen[]>;
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats until it succeeds: what a browser, a platform and a counsellor do after a broken connection. */
export async function insist<T>(work: () => Promise<T | null>, stop?: AbortSignal): Promise<T> {
  for (;;) {
    const result = await work().catch(() => null);
    if (result !== null) return result;
    if (stop?.aborted) throw new Error("the time is over");
    await sleep(200);
  }
}

export async function onTelegram(control: BotApiControl, mark: string, patienceMs: number): Promise<Person> {
  const chat = await control.person({ language: "vi" });
  return living(mark, patienceMs, {
    say: async (text) => void (await chat.write(text)),
    see: () => insist(async () => (await chat.history()).map(({ from, text }) => ({ from, text }))),
  });
}

export function onPage(publicUrl: string, mark: string, patienceMs: number): Person {
  const browser = new Visitor(publicUrl);
  let [n, isOpen] = [0, false];
  return living(mark, patienceMs, {
    async say(text) {
      if (!isOpen) await insist(() => opened(browser, publicUrl));
      isOpen = true;
      n += 1;
      const key = `${mark}-key-${n}`;
      await insist(async () =>
        (await browser.post(publicUrl, "/api/page/write", { key, text })).status === 200 ? true : null,
      );
    },
    see: () =>
      insist(async () => {
        if (!isOpen) return [];
        const { status, body } = await browser.get(publicUrl, "/api/page/lines?after=0");
        const lines = body.lines as readonly { from: string; text: string }[] | undefined;
        return status === 200 && lines
          ? lines.map((l) => ({ from: l.from === "you" ? "person" : "bot", text: l.text }))
          : null;
      }),
  });
}

/** A place from which many come is asked for an effort first: her browser searches the number. null: not open yet. */
async function opened(browser: Visitor, publicUrl: string): Promise<true | null> {
  let body: object = {};
  for (let n = 0; n < 3; n += 1) {
    const told = await browser.post(publicUrl, "/api/page/open", body);
    const asked = told.body.effort as { challenge: string; bits: number } | undefined;
    if (told.status !== 200) return null;
    if (!asked) return true;
    body = { effort: { challenge: asked.challenge, number: searchNumber(asked) } };
  }
  return null;
}

function living(mark: string, patienceMs: number, line: Line): Person {
  const said: string[] = [];
  const diary: string[] = [];
  let [done, noted] = [false, 0];
  const note = (what: string) =>
    diary.push(`${new Date().toISOString().slice(14, 23)} ${what.replaceAll("\n", " ").slice(0, 70)}`);
  const heard = async () => {
    const seen = (await line.see()).filter((m) => m.from === "bot");
    for (const { text } of seen.slice(noted)) note(`sees ${text}`);
    noted = Math.max(noted, seen.length);
    return seen;
  };
  const say = async (text: string) => {
    // Remembered before: once it was handed over, it has to arrive.
    said.push(text);
    note(`says ${text}`);
    await line.say(text);
  };
  const waitFor = async (there: () => Promise<boolean>, ms: number, stop: AbortSignal) => {
    for (const until = Date.now() + ms; Date.now() < until && !stop.aborted; await sleep(LOOK_MS))
      if (await there()) return;
  };
  return {
    mark,
    said,
    diary,
    isDone: () => done,
    see: line.see,
    async live(stop) {
      for (const { says, answer } of story(mark)) {
        if (stop.aborted) return;
        // What else comes meanwhile (a late answer, the notice that one may not have arrived) is none to this.
        const answers = async () => (await heard()).filter((m) => answer.test(m.text)).length;
        const before = await answers();
        await say(says);
        await waitFor(async () => (await answers()) > before, patienceMs, stop);
      }
      for (let round = 1; round <= ROUNDS; round += 1) {
        const words = counsellorSays(mark, round);
        // Until she was spoken to, or it was cut off and she writes anyway.
        await waitFor(
          async () => (await heard()).some((m) => m.text === words),
          round === 1 ? 10 * patienceMs : patienceMs,
          stop,
        );
        if (stop.aborted) return;
        await say(personSays(mark, round));
      }
      done = true;
    },
  };
}
