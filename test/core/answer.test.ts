/** What an older library still holds is not shown once its day has passed. */

import { expect, test } from "vitest";
import { capsOf } from "../../bot/channel-caps.ts";
import { sourceLine } from "../../bot/core/answer.ts";
import type { ChannelName } from "../../bot/core/message.ts";
import { readWanted } from "../../bot/core/next-choices.ts";
import { beginRehearsal, says, taps } from "../../bot/core/rehearsal.ts";
import type { Turn } from "../../bot/core/turn.ts";
import type { World } from "../../bot/core/world.ts";
import { repositoryWorld } from "../world.ts";

const ID = "contact-ban-commune";
const world = await repositoryWorld("web");
const reviewBy = world.articles.get(ID)?.review_by ?? "";
/** The last minute of that day in Viet Nam. */
const lastMinute = Date.parse(`${reviewBy}T23:59:00+07:00`);

/** Somebody who asks `question` first, says that she is safe and only wants to ask; at `at`. */
function asks(question: string, at: number, known: World) {
  const r = beginRehearsal(known, at, "vi");
  says(r, { kind: "text", text: question });
  says(r, { kind: "text", text: "có" });
  return { r, sent: taps(r, "Tôi chỉ muốn hỏi")?.sent.map(({ text }) => text) ?? [] };
}

test("an article is shown to the end of its last day in Viet Nam, and not after, though the library still has it", () => {
  const heading = world.articles.get(ID)?.passages[0]?.heading.vi ?? "";
  expect(asks("cấm tiếp xúc là gì", lastMinute, world).sent.join()).toContain(heading);
  expect(asks("cấm tiếp xúc là gì", lastMinute + 3_600_000, world).sent.join()).not.toContain(heading);
});

test("a choice that was offered before its article's day passed shows it no more", () => {
  const { r } = asks("cấm tiếp xúc là gì", lastMinute, world);
  const offered = r.state.offered.find(({ value }) => value.startsWith("a:"));
  const wanted = readWanted(offered?.value ?? "");
  const { id = "", number = 1 } = wanted?.kind === "article" ? wanted : {};
  const title = world.articles.get(id)?.passages[number - 1]?.heading.vi ?? "";
  expect(title).not.toBe("");
  const tomorrow = { ...r, now: lastMinute + 120_000 };
  const value = offered?.value ?? "";
  const text = (at: typeof r) => says(at, { kind: "choice", value }).sent.map((m) => m.text);
  expect(text({ ...r }).join()).toContain(title);
  expect(text(tomorrow).join()).not.toContain(title);
});

test("a service whose entry has expired is no answer", () => {
  const service = [...world.services.values()].find(({ area }) => area.scope === "national");
  const expired = { ...service, expires_on: "2026-11-21" } as NonNullable<typeof service>;
  const hit = { id: `service:${expired.id}`, title: "", text: "", score: 1 };
  const found: World = {
    ...world,
    services: new Map([[expired.id, expired]]),
    search: () => ({ answered: true, hits: [hit] }),
  };
  const shows = (at: string) => asks("số nào gọi được", Date.parse(at), found).sent.join();
  expect(shows("2026-11-21T23:50:00+07:00")).toContain(expired.name.vi);
  expect(shows("2026-11-22T00:05:00+07:00")).not.toContain(expired.name.vi);
});

test.each([
  ["vi", "Điều 25", "Luật 1, Điều 25."],
  ["en", "Điều 25", "Luật 1, Art. 25."],
  ["vi", "25 đến 27", "Luật 1, Điều 25 đến 27."],
  ["vi", "Chương II", "Luật 1, Chương II."],
  ["en", "Chương II", "Luật 1, Chapter II."],
  ["vi", "toàn văn, từ 1/7/2025", "Luật 1, toàn văn, từ 1/7/2025."],
] as const)("in %s the place %s of a law is said as what it is", (lang, articles, said) => {
  const known = world.articles.get(ID);
  if (!known) throw new Error(`no article ${ID}`);
  const turn = { world, state: { lang } } as unknown as Turn;
  expect(sourceLine(turn, { ...known, law: [{ document: "Luật 1", articles }] })).toContain(said);
});

/** The numbers that can be called under the last answer to `question`, in a world where just this passage is found. */
function callsUnder(channel: ChannelName, text: string): string[] {
  const article = world.articles.get(ID);
  const [passage] = article?.passages ?? [];
  if (!article || !passage) throw new Error(`no article ${ID}`);
  const told = { ...article, passages: [{ ...passage, text: { vi: text, en: text } }] };
  const known: World = {
    ...world,
    channel: capsOf(channel),
    articles: new Map([[ID, told]]),
    search: () => ({ answered: true, hits: [{ id: passage.id, title: "", text: "", score: 1 }] }),
  };
  const r = beginRehearsal(known, Date.parse("2026-11-22T21:30:00+07:00"), "vi");
  for (const words of ["alo", "có", "5"]) says(r, { kind: "text", text: words });
  const { sent } = says(r, { kind: "text", text: "cấm tiếp xúc là gì" });
  return sent.flatMap((m) => m.choices.filter((c) => c.kind === "call").map((c) => c.value));
}

test("the numbers that an answer names can be called: in its order, at most three, each once", () => {
  const text = "Gọi 1900 969 680 hoặc 113. Theo Điều 115, khoản 111: gọi 113, 115 hay 111.";
  expect(callsUnder("telegram", text)).toEqual(["1900 969 680", "113", "115"]);
  expect(callsUnder("telegram", "Số 1900 123 456 không có trong danh bạ.")).toEqual([]);
});

test("where a number is no button it is not said twice", () => {
  expect(callsUnder("zalo-bot", "Gọi 113.")).toEqual([]);
});

test("who asks for a number with her first words can call it at once, under the harmless first line", () => {
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30:00+07:00"), "vi");
  const [first] = says(r, { kind: "text", text: "số điện thoại công an là gì" }).sent;
  expect(first?.text).toMatch(/^Chào bạn\./);
  expect(first?.choices.filter((c) => c.kind === "call").map((c) => c.value)).toContain("113");
});

test("what was found far behind a text that is not for her is offered, and is no answer", () => {
  const staff = [...world.articles.values()].find(({ audience }) => audience.every((a) => a === "staff"));
  const other = world.articles.get(ID);
  const hit = (id: string, score: number) => ({ id, title: "", text: "", score });
  const shown = (score: number) => {
    const found: World = {
      ...world,
      search: () => ({ answered: true, hits: [hit(`${staff?.id}#1`, 10), hit(`${ID}#1`, score)] }),
    };
    return asks("hỏi về bóp cổ bằng từ gì", lastMinute, found);
  };
  const heading = other?.passages[0]?.heading.vi ?? "";
  expect(shown(9).sent.join()).toContain(heading);
  const far = shown(6);
  expect(far.sent.join()).not.toContain(heading);
  expect(far.sent.join()).toContain("nói chuyện với người thật sẽ tốt hơn");
  expect(far.r.state.offered.map(({ value }) => readWanted(value))).toContainEqual(
    expect.objectContaining({ kind: "article", id: ID }),
  );
});
