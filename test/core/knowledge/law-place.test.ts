/** Places in laws, as people read them in both languages. */

import { describe, expect, it } from "vitest";
import { lawPlace } from "../../../bot/core/knowledge/law-place.ts";

describe("where in a law something stands", () => {
  it.each([
    ["Điều 25", "Điều 25", "Art. 25"],
    ["25", "Điều 25", "Art. 25"],
    ["3, 19, 25", "Điều 3, 19, 25", "Art. 3, 19, 25"],
    ["25 đến 27", "Điều 25 đến 27", "Art. 25 to 27"],
    ["Art. 7", "Điều 7", "Art. 7"],
    ["Điều 19, Điều 22, Điều 25", "Điều 19, 22, 25", "Art. 19, 22, 25"],
    ["Điều 134, Điều 141–147", "Điều 134, 141–147", "Art. 134, 141–147"],
    ["Điều 2 đến Điều 5", "Điều 2 đến 5", "Art. 2 to 5"],
    ["khoản 2 Điều 25", "khoản 2 Điều 25", "para. 2 Art. 25"],
    ["Chương II", "Chương II", "Chapter II"],
    ["toàn văn", "toàn văn", "whole text"],
    ["toàn văn, từ 1/7/2025", "toàn văn, từ 1/7/2025", "whole text, from 1/7/2025"],
    ["toàn văn; Điều 24 (trẻ em)", "toàn văn; Điều 24 (trẻ em)", "whole text; Art. 24 (children)"],
    ["mục tiêu đến năm 2030", "mục tiêu đến năm 2030", "aims up to 2030"],
    ["16 nhóm thông tin", "16 nhóm thông tin", "16 groups of information"],
    ["phụ lục của tướng", "phụ lục của tướng", "phụ lục của tướng"],
  ])("%s", (given, vi, en) => {
    expect([lawPlace(given, "vi"), lawPlace(given, "en")]).toEqual([vi, en]);
  });
});
