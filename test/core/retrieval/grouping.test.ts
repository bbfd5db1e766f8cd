/** Questions that ask the same stand together. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupAlike, likeness, MUCH_ALIKE } from "../../../bot/core/retrieval/grouping.ts";

const asked = (...questions: string[]) =>
  questions.map((question, i) => ({ id: String(i), at: i, question }));

describe("groupAlike", () => {
  it("joins spellings of one question and keeps others apart", () => {
    const groups = groupAlike(
      asked(
        "chồng giữ giấy khai sinh của con thì làm sao",
        "nhờ luật sư hết bao nhiêu tiền",
        "chong giu giay khai sinh cua con",
        "chồng em giữ giấy khai sinh con ạ",
        "nho luat su het bao nhieu tien vay",
        "bị đuổi khỏi nhà ban đêm",
      ),
    );
    expect(groups.map((g) => g.ids)).toEqual([["0", "2", "3"], ["1", "4"], ["5"]]);
    expect(groups[0]?.at).toBe(3);
  });

  it("does not chain through small steps", () => {
    expect(likeness("ly hôn đơn phương ở tòa", "ly hôn đơn phương ở tòa nào")).toBeGreaterThan(MUCH_ALIKE);
    expect(likeness("chồng đánh", "vợ đánh con chồng bỏ nhà")).toBeLessThan(MUCH_ALIKE);
    expect(likeness("", "")).toBe(0);
  });

  it("puts every question into exactly one group", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 40 }), (questions) => {
        const given = asked(...questions);
        const ids = groupAlike(given).flatMap((g) => g.ids);
        expect([...ids].sort()).toEqual(given.map((g) => g.id).sort());
      }),
    );
  });
});
