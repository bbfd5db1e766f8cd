/** Which questions name nothing and lean on what was told; which say enough by themselves. */

import { describe, expect, it } from "vitest";
import { asksWhatNow, heardWhatNow, withTold } from "../../bot/core/what-now.ts";

describe("a question of what to do", () => {
  it.each([
    "em phải làm sao",
    "Giờ em phải làm gì?",
    "lam gi bay gio",
    "phai lam sao day chi oi",
    "tiếp theo em nên làm gì ạ",
    "giờ sao chị",
    "gio tinh sao day",
    "What should I do?",
    "what do i do now",
    "please tell me what to do next",
    "what now",
  ])("leans on what was told: %s", (words) => expect(asksWhatNow(words)).toBe(true));

  it.each([
    "em phải làm sao để được nuôi con",
    "bị bóp cổ thì phải làm sao",
    "làm sao xóa tin nhắn",
    "nó làm gì em vậy",
    "nó đang đập cửa em phải làm sao",
    "làm giấy khai sinh ở đâu",
    "what should I do with the evidence",
    "he knows what I do",
    "cứu em",
    "em không biết phải làm sao nữa",
    "I don't know what to do",
    "làm ơn",
    "",
  ])("says what it is about, or asks something else: %s", (words) => expect(asksWhatNow(words)).toBe(false));
});

describe("what was told before it", () => {
  const turn = (...recent: string[]) => ({
    state: { recent },
    world: {
      ear: (words: string) => ({
        level: words.includes("hiếp") ? ("emergency" as const) : ("none" as const),
        reasons: [],
      }),
    },
  });
  const asTurn = (...recent: string[]) => turn(...recent) as unknown as Parameters<typeof withTold>[0];

  it("stands before the question, in her order; not a greeting, not the question itself", () => {
    expect(
      withTold(asTurn("chào bạn", "bị hiếp", "em về nhà rồi chị ạ", "em phải làm sao"), "em phải làm sao"),
    ).toBe("bị hiếp. em về nhà rồi chị ạ. em phải làm sao");
    expect(withTold(asTurn("chào bạn"), "em phải làm sao")).toBe("em phải làm sao");
    expect(withTold(asTurn("em về nhà rồi chị ạ"), "nhà tạm lánh ở đâu")).toBe("nhà tạm lánh ở đâu");
  });

  it("was heard when it was told: the question itself is no new danger, and alone never more than medium", () => {
    const loud = {
      state: { recent: [] as string[] },
      world: { ear: () => ({ level: "emergency", reasons: [] }) },
    };
    const heard = (recent: string[]) =>
      heardWhatNow(
        { ...loud, state: { recent } } as unknown as Parameters<typeof heardWhatNow>[0],
        "em phải làm sao",
      );
    expect(heard(["chồng mới đánh em xong"]).level).toBe("none");
    expect(heard([]).level).toBe("medium");
  });
});
