/** What else may be meant: every choice opens what it names, on every channel, though the library changes meanwhile. */

import { describe, expect, test } from "vitest";
import { fitTo } from "../../bot/core/fit.ts";
import type { Article, Passage } from "../../bot/core/knowledge/article.ts";
import { CHANNEL_NAMES, type ChannelName, LANGS, type Lang, type Outbound } from "../../bot/core/message.ts";
import { withNext } from "../../bot/core/next-choices.ts";
import { beginRehearsal, type Rehearsal, says, taps } from "../../bot/core/rehearsal.ts";
import type { SearchResult } from "../../bot/core/retrieval/search.ts";
import { newState, type State } from "../../bot/core/state.ts";
import { beginTurn } from "../../bot/core/turn.ts";
import { plain } from "../../bot/core/understand.ts";
import type { World } from "../../bot/core/world.ts";
import { repositoryWorld } from "../world.ts";

const AT = Date.parse("2026-11-22T21:30+07:00");
const own = await repositoryWorld("web");
const model = [...own.articles.values()].find((a) => a.audience.includes("survivor")) as Article;
const service = [...own.services.values()].find((s) => s.area.scope === "national");
const SERVICE = `service:${service?.id}`;

/** An invented article of so many parts; "Phần 1 của …". */
function article(id: string, title: string, parts: number, related: readonly string[] = []): Article {
  const passages = Array.from({ length: parts }, (_, i): Passage => {
    const n = i + 1;
    return {
      id: `${id}#${n}`,
      articleId: id,
      heading: { vi: `Phần ${n} nói về ${title}`, en: `Part ${n} speaks of ${title}` },
      text: { vi: `Lời ${n} của ${id}.`, en: `Words ${n} of ${id}.` },
      asks: { vi: [], en: [] },
    };
  });
  return {
    ...model,
    id,
    title: { vi: title, en: title },
    passages,
    related: [...related],
    max_level: "high",
  };
}

const BAN = article("ban", "cấm tiếp xúc", 4, ["court"]);
const COURT = article("court", "ra tòa", 2);
const HOME = article("home", "chỗ ở", 1);

/** A world of these articles, in which every question finds just these hits. */
function worldOf(
  ids: readonly string[],
  { answered = true, articles = [BAN, COURT, HOME], channel = own.channel } = {},
): World {
  const hits = ids.map((id, i) => ({ id, title: "", text: "", score: 9 - i }));
  return {
    ...own,
    channel,
    articles: new Map(articles.map((a) => [a.id, a])),
    search: (): SearchResult => ({ answered, hits }),
  };
}

const QUESTION = "xin hỏi việc này ra sao ạ";

/** She is past the first words and asks; what was sent then. */
function asks(world: World, lang: Lang = "vi"): { r: Rehearsal; sent: Outbound } {
  const r = beginRehearsal(world, AT, lang);
  const past: State = { ...newState(lang), greeted: true, lastPersonAt: AT };
  r.state = past;
  const [sent, ...more] = says(r, { kind: "text", text: QUESTION }).sent;
  expect(more).toEqual([]);
  return { r, sent: sent as Outbound };
}
const labels = (message: Outbound) => message.choices.map((c) => c.label);
const found = (message: Outbound) => message.choices.filter((c) => /^[as]:/.test(c.value));
const textOf = (moved: { sent: readonly Outbound[] } | null) => moved?.sent.map((m) => m.text).join() ?? "";

describe("under an answer", () => {
  test("other parts of its article and what ranks next are offered, each opening what was found", () => {
    const world = worldOf(["ban#2", "ban#3", "court#2", "ban#1", "home#1"]);
    for (const [i, words] of ["Lời 3 của ban.", "Lời 2 của court.", "Lời 1 của ban."].entries()) {
      const { r, sent } = asks(world);
      expect(sent.text).toContain("Lời 2 của ban.");
      expect(found(sent)).toHaveLength(3);
      expect(textOf(taps(r, labels(sent)[i] ?? ""))).toContain(words);
    }
  });

  test("a title stands for the beginning of an article, a heading for its part; where two share the title both are headings", () => {
    expect(labels(asks(worldOf(["home#1", "ban#1", "court#2"])).sent).slice(0, 2)).toEqual([
      "cấm tiếp xúc",
      "Phần 2 nói về ra tòa",
    ]);
    expect(labels(asks(worldOf(["home#1", "ban#1", "ban#3"])).sent).slice(0, 2)).toEqual([
      "Phần 1 nói về cấm tiếp xúc",
      "Phần 3 nói về cấm tiếp xúc",
    ]);
  });

  test("a heading of a word or two says whose it is, and two of the same name are told apart", () => {
    const short = (a: Article): Article => ({
      ...a,
      passages: a.passages.map((p) => ({ ...p, heading: { vi: "Sau đó", en: "Then" } })),
    });
    const world = worldOf(["home#1", "ban#2", "court#2", "ban#3"], {
      articles: [HOME, short(BAN), short(COURT)],
    });
    const { r, sent } = asks(world);
    expect(labels(sent).slice(0, 3)).toEqual([
      "Sau đó · cấm tiếp xúc",
      "Sau đó · ra tòa",
      "Sau đó · cấm tiếp xúc (2)",
    ]);
    expect(new Set(labels(sent).map(plain)).size).toBe(labels(sent).length);
    // Which of the two is meant by the heading alone nobody knows: it is looked up again, and finds what stands above.
    const again = says(r, { kind: "text", text: "sau đó" });
    expect(textOf(again)).toContain("Điều gần nhất mình có về việc này");
    expect(again.sent.flatMap(labels)[0]).toBe("Sau đó · cấm tiếp xúc");
  });

  test("an article that is called like one of our own buttons goes by its heading", () => {
    const human = article("human", "Gọi người thật", 2);
    const { r, sent } = asks(worldOf(["home#1", "human#1"], { articles: [HOME, human] }));
    expect(labels(sent).slice(0, 2)).toEqual(["Phần 1 nói về Gọi người thật", "Gọi người thật"]);
    expect(textOf(taps(r, labels(sent)[0] ?? ""))).toContain("Lời 1 của human.");
  });

  test("it is meant by its number, by its words without marks, and not by a question that only holds them", () => {
    const world = worldOf(["home#1", "ban#2", "court#1"]);
    const said = (words: string) => textOf(says(asks(world).r, { kind: "text", text: words }));
    expect(said("2")).toContain("Lời 1 của court.");
    expect(said("số 1")).toContain("Lời 2 của ban.");
    expect(said("phan 2 noi ve cam tiep xuc a")).toContain("Lời 2 của ban.");
    expect(said("RA TÒA")).toContain("Lời 1 của court.");
    expect(said("ra tòa thì mất bao nhiêu")).toContain("Lời 1 của home.");
  });

  test("a service is offered by its name, and shows its card", () => {
    const { r, sent } = asks(worldOf(["ban#1", SERVICE, "court#1"]));
    expect(labels(sent)[0]).toBe(service?.name.vi);
    const card = textOf(taps(r, service?.name.vi ?? ""));
    expect(card).toContain("☎");
    expect(card).toBe(asks(worldOf([SERVICE])).sent.text);
  });

  test("what was offered beside the chosen one stays on offer, with the rest of its article; nothing just read comes again", () => {
    const { r, sent } = asks(worldOf(["home#1", "ban#2", "court#1"]));
    const [next] = taps(r, labels(sent)[0] ?? "")?.sent ?? [];
    expect(labels(next as Outbound).slice(0, 3)).toEqual([
      "ra tòa",
      "Phần 3 nói về cấm tiếp xúc",
      "Phần 4 nói về cấm tiếp xúc",
    ]);
    const [third] = taps(r, "Phần 3 nói về cấm tiếp xúc")?.sent ?? [];
    expect(labels(third as Outbound).slice(0, 3)).toEqual([
      "ra tòa",
      "Phần 4 nói về cấm tiếp xúc",
      "Phần 1 nói về cấm tiếp xúc",
    ]);
  });
});

test("where nothing is sure the nearest passages and services are offered, each opening what was found", () => {
  const { r, sent } = asks(worldOf(["ban#3", SERVICE, "ban#1"], { answered: false }));
  expect(sent.text).not.toContain("Lời");
  expect(labels(sent).slice(0, 3)).toEqual([
    "Phần 3 nói về cấm tiếp xúc",
    service?.name.vi,
    "Phần 1 nói về cấm tiếp xúc",
  ]);
  expect(textOf(says(r, { kind: "text", text: "1" }))).toContain("Lời 3 của ban.");
});

describe("a choice that was offered before", () => {
  /** She asked while `before` was published, and taps the first choice when `later` is. */
  function tapsLater(before: World, later: World) {
    const { r, sent } = asks(before);
    const hers = { ...r, world: later };
    return says(hers, { kind: "choice", value: found(sent)[0]?.value ?? "" }).sent[0] as Outbound;
  }
  const before = worldOf(["home#1", "ban#2", "court#1"]);
  const inForce = (articles: Article[]) => worldOf(["home#1"], { articles });

  test("of an earlier build, without a passage, opens the article's beginning", () => {
    const { r } = asks(before);
    r.state = { ...r.state, offered: [{ kind: "answer", label: "cấm tiếp xúc", value: "a:ban" }] };
    delete r.state.shown;
    const typed = textOf(says({ ...r }, { kind: "text", text: "1" }));
    expect(typed).toContain("Lời 1 của ban.");
    r.state = { ...r.state, offered: [] };
    expect(textOf(says(r, { kind: "choice", value: "a:ban" }))).toContain("Lời 1 của ban.");
  });

  test("finds its passage where another was put before it", () => {
    const moved = { ...BAN, passages: [...COURT.passages, ...BAN.passages] };
    moved.passages = moved.passages.map((p, i) => ({ ...p, id: `ban#${i + 1}` }));
    const sent = tapsLater(before, inForce([HOME, moved]));
    expect(sent.text).toContain("Lời 2 của ban.");
    expect(sent.text).not.toContain("đã được sửa");
  });

  test("says that the text was revised where its heading stands no more", () => {
    const one = { ...BAN, passages: HOME.passages.map((p) => ({ ...p, id: "ban#1" })) };
    const sent = tapsLater(before, inForce([HOME, one]));
    expect(sent.text).toMatch(/đã được sửa.*Lời 1 của home\./s);
  });

  test("of something gone says so, and offers the rest again", () => {
    const sent = tapsLater(before, inForce([HOME, COURT]));
    expect(sent.text).toMatch(/^Mục này đã được đổi hoặc rút lại/);
    expect(labels(sent)).toEqual(["ra tòa", "Gọi người thật", "Mục chính", "Các số gọi được"]);
  });

  test("of something gone, long ago, offers what is nearest to her last question", () => {
    const { r } = asks(before);
    r.state = { ...r.state, offered: [] };
    const [sent] = says(r, { kind: "choice", value: "a:gone#2.abc" }).sent;
    expect(sent?.text).toMatch(/^Mục này đã được đổi/);
    expect(found(sent as Outbound).map((c) => c.label)).toEqual([
      "chỗ ở",
      "Phần 2 nói về cấm tiếp xúc",
      "ra tòa",
    ]);
  });

  test("of a service that has left the directory says so", () => {
    const known = worldOf(["home#1", SERVICE]);
    const sent = tapsLater(known, { ...known, services: new Map() });
    expect(sent.text).toMatch(/^Mục này đã được đổi/);
  });

  test("of a text that is not for her as she is now leads to a human", () => {
    const calm = { ...BAN, max_level: "low" as const };
    const { r, sent } = asks(worldOf(["home#1", "ban#2"], { articles: [HOME, calm] }));
    r.state = { ...r.state, level: "medium" };
    const [next] = taps(r, labels(sent)[0] ?? "")?.sent ?? [];
    expect(next?.text).toContain("nói chuyện với người thật sẽ tốt hơn");
    expect(next?.text).not.toContain("Lời");
  });

  test("is said with an operator's own texts that do not know of this yet", () => {
    const { "answer.gone": _, "answer.changed": __, ...texts } = own.settings.texts;
    const old = (world: World): World => ({ ...world, settings: { ...own.settings, texts } });
    expect(tapsLater(before, old(inForce([HOME, COURT]))).text).toMatch(/^Mình chưa có câu trả lời/);
    const one = { ...BAN, passages: BAN.passages.slice(0, 1) };
    expect(tapsLater(before, old(inForce([HOME, one]))).text).toMatch(/^Đây là điều bạn hỏi.*Lời 1 của ban/s);
  });
});

describe("what she says of it", () => {
  test("tells the editors which passage was shown, also when she taps it, or asks again", () => {
    const { r, sent } = asks(worldOf(["home#1", "ban#2", "court#1"]));
    taps(r, labels(sent)[0] ?? "");
    const said = taps(r, "Chưa đúng điều tôi hỏi");
    expect(said?.effects).toContainEqual({ type: "note_unanswered", question: QUESTION, shown: "ban#2" });
    expect(said?.effects).toContainEqual(
      expect.objectContaining({
        name: "feedback",
        labels: expect.objectContaining({ article: "ban", passage: "2", helped: "false" }),
      }),
    );
    const again = says(r, { kind: "text", text: QUESTION });
    expect(again.effects).toContainEqual({ type: "note_unanswered", question: QUESTION, shown: "ban#2" });
  });

  test("of a message that an earlier build sent counts for its article", () => {
    const { r } = asks(worldOf(["home#1"]));
    r.state = { ...r.state, offered: [{ kind: "answer", label: "Có ích", value: "fb:yes:home" }] };
    delete r.state.shown;
    const counted = says(r, { kind: "choice", value: "fb:yes:home" }).effects.find(
      (e) => e.type === "count" && e.name === "feedback",
    );
    expect(counted).toMatchObject({ labels: { article: "home", helped: "true" } });
  });
});

describe("on every channel", () => {
  /** Whatever is found together: each article's passages, and the beginning of the next two articles. */
  const sets = [...own.articles.values()].flatMap((a, i, all) => {
    const others = [all[(i + 1) % all.length], all[(i + 2) % all.length]];
    const own = a.passages.map((p) => p.id);
    return [own, [...own.slice(-1), ...others.flatMap((o) => o?.passages[0]?.id ?? []), SERVICE]];
  });

  test.each(LANGS)("no two labels are alike, none is cut, every value fits a button (%s)", (lang) => {
    const state = { ...newState(lang), greeted: true };
    const turn = beginTurn(state, { ...EVENT, at: AT }, own);
    for (const ids of sets) {
      const choices = withNext(turn, ids.slice(1), ids.slice(0, 1), []);
      expect(new Set(choices.map((c) => plain(c.label))).size, ids.join()).toBe(choices.length);
      for (const c of choices) {
        expect(c.label.length, c.label).toBeLessThanOrEqual(60);
        expect(c.value).toMatch(/^[!-~]{3,64}$/);
      }
    }
  });

  test("an id as long as ids may be still leads to its passage, and its feedback to its article", () => {
    const long = article("x".repeat(60), "tên dài", 9);
    const { r, sent } = asks(worldOf([`${long.id}#2`, `${long.id}#9`], { articles: [long] }));
    for (const c of sent.choices) expect(c.value.length).toBeLessThanOrEqual(64);
    const feedback = sent.choices.find((c) => c.value.startsWith("fb:no"));
    const said = says({ ...r }, { kind: "choice", value: feedback?.value ?? "" }).effects;
    expect(said).toContainEqual(expect.objectContaining({ shown: `${long.id}#2` }));
    expect(textOf(taps(r, labels(sent)[0] ?? ""))).toContain(`Lời 9 của ${long.id}.`);
  });

  test.each(CHANNEL_NAMES.filter((name) => name.startsWith("zalo")))(
    "%s sends not one message more because of what is offered",
    async (name: ChannelName) => {
      const { channel } = await repositoryWorld(name);
      const pieces = (world: World) => fitTo(asks(world).sent, channel).length;
      for (let room = 1700; room < 2000; room += 20) {
        const [first, ...rest] = HOME.passages;
        const text = { vi: "lời ".repeat(room / 4), en: "word" };
        const full = { ...HOME, passages: [{ ...(first as Passage), text }, ...rest] };
        const at = (ids: string[]) => worldOf(ids, { articles: [full, BAN], channel });
        expect(pieces(at(["home#1", "ban#2", "ban#3", "ban#4"])), `${room}`).toBe(pieces(at(["home#1"])));
      }
    },
  );
});

const EVENT = {
  type: "message_received",
  id: "e1",
  content: { kind: "text", text: "" },
  desk: { onDuty: 0, ahead: 0 },
} as unknown as Parameters<typeof beginTurn>[1];
