/** Whose story is told: a helper's door for who tells of somebody else, and never for who tells of herself. */

import { describe, expect, test } from "vitest";
import { isOfChild, whose } from "../../bot/core/about-another.ts";

describe("whose story", () => {
  test.each([
    "tôi là giáo viên, học sinh của tôi bị bố đánh bầm tay",
    "nhà bên cạnh đang đánh nhau dữ lắm",
    "hàng xóm nhà tôi đánh thằng bé 6 tuổi dã man",
    "bạn thân mình bị người yêu đánh, mình muốn giúp",
    "em gái em bị chồng bóp cổ hôm qua",
    "hoc sinh nu cua em ke bi bo duong so",
    "my sister in Can Tho is being beaten by her husband",
    "my coworker came in with a black eye, her husband did it",
    "con gái tôi bị chồng nó đánh",
    "no not me, my sister",
    "tôi là y tá, có bệnh nhân bị chồng đánh gãy tay",
    "không phải em, chị em",
    "tôi là cô giáo, lớp tôi có bé bị mẹ ruột đánh thâm lưng",
    "tôi là điều dưỡng, vừa nhận một ca bị chồng chém",
    "Con dâu tui bị thằng con tui oánh",
    "Đồng nghiệp nữ của em hay có vết bầm, chồng tới công ty làm ầm",
    "My son hits his wife. I live with them.",
    "con trai tôi hay đánh vợ nó",
    "con gái cô 22 tuổi bị bạn trai nó đánh tím mắt",
    "I am a teacher at an international school in Hanoi. One of my students told me her stepfather comes into her room",
    "one of my students is hit by her stepfather",
  ])('"%s": somebody else\'s', (words) => expect(whose(words)).toBe("other"));

  test.each([
    "hàng xóm nghe thấy chồng đánh em",
    "bạn trai em đánh em, bạn em bảo báo công an",
    "em bị chồng đánh trước mặt hàng xóm",
    "bạn gái tôi đánh tôi",
    "em gái em thấy chồng em đánh em",
    "my husband hits me and my sister knows",
    "chị gái em cũng bị, em cũng bị",
  ])('"%s": hers', (words) => expect(whose(words)).toBe("self"));

  test.each([
    "em sợ quá",
    "she made me promise not to tell",
    "chồng đánh",
    "mẹ em bị bố đánh",
    "con gái 9 tuổi bị cậu sờ",
    "bạn gái cũ dọa đăng ảnh nóng của em lên group lớp",
    "có, cô ấy cầm kéo dọa",
    "cô ấy dọa mang con đi",
    "tôi là giáo viên, tôi bị chồng đánh",
    "tôi là giáo viên, chồng hay đánh đập",
    "I am a manager and he followed me home",
    "anh trai em đánh em",
    "my brother hits me",
  ])('"%s" is not taken for a helper\'s', (words) => expect(whose(words)).not.toBe("other"));

  test("who has said that helping is her work tells of those whom she helps", () => {
    expect(whose("có bé trong lớp 4 tuổi người đầy vết roi", true)).toBe("other");
    expect(whose("chồng em đánh em", true)).toBe("self");
    expect(isOfChild("có bé trong lớp 4 tuổi người đầy vết roi")).toBe(true);
  });

  test("a pupil is a child", () => {
    expect(isOfChild("học sinh của tôi bị bố đánh")).toBe(true);
    expect(isOfChild("bạn em bị chồng đánh")).toBe(false);
  });
});
