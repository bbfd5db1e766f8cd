/** What is an answer and what is a sentence that only holds the word: at a red question, at the safety question, at an offer. */

import { beforeAll, describe, expect, test } from "vitest";
import { beginRehearsal, type Rehearsal, says } from "../../bot/core/rehearsal.ts";
import { repositoryWorld } from "../world.ts";

const world = await repositoryWorld("web");

function at(...words: string[]): Rehearsal {
  const r = beginRehearsal(world, Date.parse("2026-11-22T21:30+07:00"), "vi");
  for (const text of words) says(r, { kind: "text", text });
  return r;
}

// The first question to the library makes its index.
beforeAll(() => void at("alo", "có", "tôi chỉ muốn hỏi", "ly hôn nộp đơn ở đâu"), 120_000);

function strangledAfter(words: string): string {
  const r = at("alo", "có", "tôi đang bị tổn thương", "không phải lúc này", words);
  return r.state.screened.strangled ?? "asked again";
}

describe('at "has this person ever choked you?"', () => {
  test.each([
    "có",
    "dạ có ạ",
    "có rồi",
    "có, hôm qua",
    "rồi",
    "một lần",
    "không chỉ một lần",
    "không phải một lần",
    "nhiều lần rồi",
    "thỉnh thoảng",
    "tối qua",
    "hình như có",
    "chắc có",
    "I think so",
    "once",
    "a few times",
    "yes",
    "có một lần thôi",
    "có 2 lần",
    "bị hoài",
    "lần trước có",
    "đâu có phải một lần",
    "yeah twice",
    "cos",
    "có 1 lần",
    "có ạ 1 lần",
    "1 2 lan j do",
    "mấy bận rồi",
    "hồi tháng 3 có",
    "tuần nào cũng bị",
    "a couple of times",
    "he used to",
    "coooo",
    "thật ra có",
    "à không, ý em là có",
    "khoan, có",
  ])('"%s" is a yes', (words) => expect(strangledAfter(words)).toBe("yes"));

  test.each([
    "không",
    "dạ không",
    "dạ, không",
    "ko",
    "chưa bao giờ",
    "em không bị",
    "không có đâu",
    "chưa lần nào",
    "một lần cũng không",
    "trước giờ không",
    "never once",
    "no",
    "khoong",
    "hem có",
    "kg",
    "không nha",
    "khôông",
    "không nè",
    "tạm thời chưa ạ",
    "không nghen",
  ])('"%s" is a no', (words) => expect(strangledAfter(words)).toBe("no"));

  test('"có nó bóp cổ em hôm qua" is heard, and never asked again', () => {
    const { level, reasons } = at(
      "alo",
      "có",
      "tôi đang bị tổn thương",
      "không",
      "có nó bóp cổ em hôm qua",
    ).state;
    expect(["high", "emergency"]).toContain(level);
    expect(reasons.map((r) => r.category)).toContain("strangulation");
  });

  test.each([
    "không phải là không có",
    "không phải không",
    "không, em không dám nói",
    "No, I can't say",
    "có ai giúp em không",
    "nó không bao giờ tha cho em",
    "hình như không",
    "not really",
    "i don't think so",
    "em không muốn nhớ lại",
    "nó có biết em ở đây không",
    "chồng em nó kỳ lắm",
  ])('"%s" is neither', (words) => expect(["yes", "no"]).not.toContain(strangledAfter(words)));
});

function safetyAfter(words: string): string {
  const { state } = at("alo", words);
  return state.answers["first-words.safe"]?.value ?? "asked again";
}

test.each([
  "không, nhiều lần lắm",
  "không, hôm qua nó mới làm",
  "không, chỉ hai ba bận thôi",
  "không, nó chỉ dọa thôi",
  "no just once",
  "khong phai, co",
])('"%s" takes its no back, and is no answer', (words) => expect(strangledAfter(words)).not.toBe("no"));

describe('at "is it safe for you to talk?"', () => {
  test.each([
    "ừ đc",
    "dạ vâng ạ",
    "i'm ok to talk",
    "chồng tôi đi công tác rồi",
    "em đang ở nhà mẹ đẻ",
    "có",
    "dạ được",
    "em ở một mình",
    "nó ngủ rồi",
    "không có ai ở nhà",
    "yes i'm alone",
    "ok",
  ])('"%s" is safe', (words) => expect(safetyAfter(words)).toBe("yes"));
  test.each([
    "không",
    "dạ, không",
    "không ổn",
    "không tiện",
    "có nó ở đây",
    "not really",
    "làm gì có an toàn",
    "có ck ở nhà",
    "có mẹ chồng ngồi cạnh",
    "ko an toàn đâu",
    "hông tiện",
  ])('"%s" is not safe', (words) => expect(safetyAfter(words)).toBe("no"));
  test.each([
    "chưa chắc an toàn",
    "cũng không hẳn an toàn lắm",
    "sao mà an toàn được",
    "em không nói được nhiều",
    "không phải không",
    "có ai giúp em không",
    "có chồng em đang ở nhà",
    "ck e đang ngủ bên cạnh",
    "em đang ở chỗ làm",
    "em không có nhà để về",
  ])('"%s" is never taken for safe', (words) => expect(safetyAfter(words)).not.toBe("yes"));
});

describe("a wish for a human", () => {
  const wishes = (words: string) => at("alo", "có", "tôi chỉ muốn hỏi", words).state.case?.asked ?? false;
  test.each([
    "cho em gặp người thật được không",
    "gọi người thật giúp em được không ạ",
    "có ai nói chuyện với em không",
    "em muốn gặp ai đó",
    "can i talk to someone",
    "tôi kể máy nghe hoài cũng vậy, thôi cho tôi nói chuyện với tư vấn viên đi",
    "không, cho em gặp người thật",
    "I can't sleep. Can I talk to someone",
    "hello, I need to talk to somebody here",
    "em ko thik nói với robot đâu",
    "cho tui nói chuyện với ai đó bằng xương bằng thịt đi",
    "có ai nói chuyện với bà không",
    "CO AI NOI CHUYEN VOI BA KHONG",
    "gặp ai cũng được",
    "i want someone to talk to me pls",
    "is anybody real available",
    "can i have private talk with real ppl",
  ])('"%s" is one', (words) => expect(wishes(words)).toBe(true));
  test.each([
    "nó cấm em nói chuyện với ai",
    "nó không cho em gặp tư vấn viên",
    "em muốn gặp ai cũng phải xin phép",
    "em không muốn gặp người thật đâu",
    "em hay gặp người lạ",
    "he gets angry when I talk to someone",
    "he doesn't let me talk to someone",
    "nó ghen mỗi khi em gặp ai đó",
    "mẹ bắt em gặp lại anh ấy",
    "bạn có phải người thật không",
    "em gặp con người vũ phu",
    "he says i need nobody to talk to",
    "chồng em không cho gặp ai",
  ])('"%s" is none', (words) => expect(wishes(words)).toBe(false));

  test("who has nobody to tell is offered one, and nothing is looked up", () => {
    const r = at("alo", "có", "tôi chỉ muốn hỏi");
    const { sent } = says(r, { kind: "text", text: "em không biết nói chuyện với ai" });
    expect(sent.at(-1)?.choices.map((c) => c.label)).toContain("Gọi người thật");
    expect(sent.at(-1)?.text).not.toContain("Đây là điều bạn hỏi");
  });
});

describe("at the offer of a human", () => {
  const offered = (words: string) => at("chồng em dọa giết em", "có", words).state;
  test('"em xấu hổ quá muốn chết" is told, not a yes', () => {
    const state = offered("em xấu hổ quá muốn chết");
    expect(state.case).toBe(null);
    expect(state.frames.length).toBeGreaterThan(0);
  });
  test('"cô muốn gặp thằng đó nói chuyện" calls nobody here', () =>
    expect(offered("cô muốn gặp thằng đó nói chuyện").case).toBe(null));
  test.each([
    "muốn",
    "dạ em muốn ạ",
    "em muốn gặp ạ",
    "muốn nói chuyện với chị",
    "có",
    "gặp đi",
    "vâng, cho em gặp",
  ])('"%s" is a yes', (words) => expect(offered(words).case?.asked).toBe(true));
  test.each([
    "à không, em nói nhầm, 15 tuổi",
    "à không, ý em là ba em đánh",
    "không, em không gọi 111 đâu",
    "không, em không báo công an",
    "no i wasn't joking",
    "em không biết tiếng",
  ])('"%s" answers something else', (words) => {
    expect(offered(words).case).toBe(null);
    expect(offered(words).answers["heard-high.ask"]).toBe(undefined);
  });
  test.each(["không", "thôi", "chưa cần đâu", "không muốn", "để sau", "không, em không muốn gặp ai"])(
    '"%s" is a no',
    (words) => {
      expect(offered(words).case).toBe(null);
      expect(offered(words).frames).toEqual([]);
    },
  );
});
