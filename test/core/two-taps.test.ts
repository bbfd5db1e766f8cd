/** A red question and the question after its yes have buttons of the same names: which was pressed? */

import { expect, test } from "vitest";
import { beginRehearsal, move, type Rehearsal, says } from "../../bot/core/rehearsal.ts";
import { readTalk } from "../../bot/core/talk.ts";
import { repositoryWorld } from "../world.ts";

const TO_THE_SCREEN = `# Hỏi
@ telegram vi 2026-11-22T21:30+07:00
> alo
> [Có, nói được]
> [Tôi đang bị tổn thương]
> [Không phải lúc này]
`;

async function pressed(...answers: string[]): Promise<Rehearsal> {
  const { talk } = readTalk(TO_THE_SCREEN, "two-taps");
  if (!talk) throw new Error("no talk");
  const r = beginRehearsal(await repositoryWorld("telegram"), talk.startsAt, talk.lang);
  for (const line of talk.steps) move(r, line);
  for (const answer of answers) says(r, { kind: "choice", value: `f:danger:screen:${answer}` });
  return r;
}

test("two taps on the same yes are one: the second is no answer to what follows it", async () => {
  const { state } = await pressed("strangled.yes", "strangled.yes");
  expect(state.level).toBe("high");
  expect(state.followedUp).toEqual({});
  expect(state.frames.at(-1)?.screen).toMatchObject({ question: "strangled", following: true });
});

test("a no after a slip takes back the yes, not what follows it", async () => {
  const { state } = await pressed("strangled.yes", "strangled.no");
  expect(state.screened).toEqual({ strangled: "no" });
  expect(state.followedUp).toEqual({});
  expect(state.frames.at(-1)?.screen).toMatchObject({ question: "weapon", following: false });
});

test.each(["no", "skip"])("a later %s to what follows never unsays that she was strangled", async (said) => {
  const { state } = await pressed("strangled.yes", "strangled!yes", `strangled!${said}`);
  expect(state.screened).toEqual({ strangled: "yes" });
  expect(state.followedUp).toEqual({ strangled: said === "no" ? "no" : "skipped" });
  expect(state.answers["da-5.strangled"]?.value).toBe("yes");
  // A machine never lowers.
  expect(state.level).toBe("emergency");
});

test("a later yes to what follows counts at once", async () => {
  const { state } = await pressed("strangled.yes", "strangled!no", "strangled!yes");
  expect(state.followedUp).toEqual({ strangled: "yes" });
  expect(state.level).toBe("emergency");
});

test("one question back is the one that was answered last", async () => {
  const r = await pressed("strangled.yes");
  says(r, { kind: "text", text: "bỏ qua" });
  says(r, { kind: "text", text: "quay lại" });
  expect(r.state.screened).toEqual({ strangled: "yes" });
  expect(r.state.frames.at(-1)?.screen).toMatchObject({ question: "strangled", following: true });
  says(r, { kind: "text", text: "quay lại" });
  expect(r.state.screened).toEqual({});
  expect(r.state.frames.at(-1)?.screen).toMatchObject({ question: "strangled", following: false });
});
