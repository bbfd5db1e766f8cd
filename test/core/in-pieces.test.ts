/** Danger told a few words a line is heard as the sentence that it is; calm pieces stay calm. */

import { describe, expect, test } from "vitest";
import { withPieces } from "../../bot/core/in-pieces.ts";
import { repositoryWorld } from "../world.ts";

const { ear } = await repositoryWorld("web");

function heard(lines: string) {
  const all = lines.split(" / ");
  const before = all.slice(0, -1);
  const words = all.at(-1) ?? "";
  return withPieces(ear(words, before), words, before, ear);
}

describe("told in pieces", () => {
  test.each([
    ["ông ấy / hôm qua / lấy cái gối / đè lên / mặt tôi", "strangulation"],
    ["he / last night / put his hands / around my / throat", "strangulation"],
    ["nó / siết / cổ em", "strangulation"],
    ["con em 3 tuổi / em mệt / nó / siết / cổ em", "strangulation"],
  ])('"%s": %s', (lines, category) => {
    expect(heard(lines).reasons.map((r) => r.category)).toContain(category);
    expect(["high", "emergency"]).toContain(heard(lines).level);
  });
  test.each([
    "em / đang nấu cơm / dao cùn quá / chồng em / mới mua dao",
    "con em / bị ho / em cho uống / thuốc ho rồi",
    "anh ấy / đi làm về / mệt / nằm ngủ",
    "em muốn hỏi / ly hôn / ai nuôi con",
    "mẹ em / qua đón / con em rồi",
    "he / is nice / he cooks / for me",
    "nó đánh em / hôm qua / con em 3 tuổi",
    "nó / siết / cổ em / không",
    "nó / siết / cổ em / con em 3 tuổi",
    "he choked me / no / not now",
  ])('"%s" adds nothing', (lines) => {
    const words = lines.split(" / ").at(-1) ?? "";
    expect(heard(lines)).toEqual(ear(words, lines.split(" / ").slice(0, -1)));
  });
});
