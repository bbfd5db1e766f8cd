/** Hours as people write them. */

import { describe, expect, it } from "vitest";
import { isWithin, nextWithin, readHours, writeHours } from "../../bot/core/hours.ts";

const at = (iso: string) => Date.parse(`${iso}+07:00`);

describe("hours as people write them", () => {
  it.each([
    ["8h-17h", "08:00-17:00"],
    ["từ 8h đến 17h", "08:00-17:00"],
    ["8h tới 17h", "08:00-17:00"],
    ["8h30-11h30", "08:30-11:30"],
    ["8 giờ đến 10 giờ 15", "08:00-10:15"],
    ["8h-11h, 14h-16h", "08:00-11:00, 14:00-16:00"],
    ["8:00-17:00", "08:00-17:00"],
    ["8am to 5pm", "08:00-17:00"],
    ["7h tối đến 9h tối", "19:00-21:00"],
    ["2 đến 5 giờ chiều", "14:00-17:00"],
    ["22h-6h", "22:00-06:00"],
    ["sau 8h tối", "20:00-22:00"],
    ["trước 5h chiều", "06:00-17:00"],
    ["sáng", "06:00-11:00"],
    ["buổi sáng và buổi chiều", "06:00-11:00, 13:00-18:00"],
    ["tối không", "06:00-18:00"],
    ["tối không được", "06:00-18:00"],
    ["tối thì không", "06:00-18:00"],
    ["trừ buổi trưa", "06:00-11:00, 13:00-22:00"],
    ["sáng, tối không", "06:00-11:00"],
    ["sang thi duoc", "06:00-11:00"],
    ["ban ngày", "08:00-17:00"],
    ["lúc nào cũng được", "00:00-24:00"],
    ["any time", "00:00-24:00"],
    ["không", "không"],
    ["đừng nhắn", "không"],
    ["never", "không"],
    ["morning and evening", "06:00-11:00, 18:00-22:00"],
    ["không nhắn", "không"],
    // What is denied is not what is allowed.
    ["đừng nhắn buổi tối", "06:00-18:00"],
    ["không nhắn vào buổi tối", "06:00-18:00"],
    ["not in the evening", "06:00-18:00"],
    ["đừng nhắn từ 18h đến 22h", "06:00-18:00"],
    ["18h-22h thì không", "06:00-18:00"],
    ["không nhắn sáng và tối", "11:00-18:00"],
    ["8h-17h trừ 12h-13h", "08:00-12:00, 13:00-17:00"],
    ["8h-17h, không nhắn 12h-13h30", "08:00-12:00, 13:30-17:00"],
    ["lúc nào cũng được, trừ 18h-22h30", "22:30-18:00"],
    ["any time except evening", "22:00-18:00"],
    ["đừng nhắn sau 9h tối", "06:00-21:00"],
    ["không nhắn trước 8h sáng", "08:00-22:00"],
    ["sáng được, tối thì không", "06:00-11:00"],
    ["Sáng được. Tối không.", "06:00-11:00"],
    // Midnight is no noon, and late is not all day.
    ["từ 9 giờ tối đến 12 giờ đêm", "21:00-00:00"],
    ["10pm to 12am", "22:00-00:00"],
    ["10 to 12 pm", "10:00-12:00"],
    ["7h tối đến 11h khuya", "19:00-23:00"],
    ["10 giờ đến 2 giờ đêm", "22:00-02:00"],
    ["sau 11h đêm", "23:00-06:00"],
    ["trước 5h sáng", "00:00-05:00"],
    ["tối 8h-10h", "20:00-22:00"],
    ["buổi tối 19h-22h", "19:00-22:00"],
    ["đêm 11h-2h", "23:00-02:00"],
    // "Tôi" is no "tối".
    ["tôi rảnh buổi sáng", "06:00-11:00"],
    ["toi ranh buoi sang", "06:00-11:00"],
  ])("reads %s as %s, and its own writing again", (said, kept) => {
    const hours = readHours(said);
    expect(hours && writeHours(hours)).toBe(kept);
    expect(hours && readHours(writeHours(hours))).toEqual(hours);
  });

  it.each([
    "",
    "mai",
    "25h-26h",
    "8h",
    "8h-8h",
    "lúc nào tiện",
    "3 lần",
    "chồng em đi làm thì nhắn",
    "buổi tối chồng em ở nhà",
    "cả ngày chồng em ở nhà",
    "tối nay anh ấy về",
    "tôi không muốn đặt",
    "không biết",
    "sáng không tối",
    "tối được không?",
    "không phải lúc nào cũng được",
    "10 - 2 giờ sáng",
    "tối 10h-2h",
    "khi nào tôi nhắn",
  ])("does not guess at %j", (said) => {
    expect(readHours(said)).toBeNull();
  });

  it("knows now and next, over midnight too", () => {
    const day = readHours("8h-17h") ?? [];
    expect(isWithin(day, at("2026-11-22T08:00"))).toBe(true);
    expect(isWithin(day, at("2026-11-22T17:00"))).toBe(false);
    expect(nextWithin(day, at("2026-11-22T17:30"))).toBe(at("2026-11-23T08:00"));
    expect(nextWithin(day, at("2026-11-22T03:10"))).toBe(at("2026-11-22T08:00"));
    const night = readHours("22h-6h") ?? [];
    expect(isWithin(night, at("2026-11-22T23:59"))).toBe(true);
    expect(isWithin(night, at("2026-11-23T05:59"))).toBe(true);
    expect(isWithin(night, at("2026-11-23T06:00"))).toBe(false);
    expect(nextWithin(night, at("2026-11-23T06:00"))).toBe(at("2026-11-23T22:00"));
    expect(nextWithin([], at("2026-11-23T06:00"))).toBeNull();
  });
});
