/** A cry of four English words names the danger once: it is heard whoever does it, and what only sounds like it is not. */

import { describe, expect, test } from "vitest";
import { atLeast } from "../../../bot/core/level.ts";
import { ear } from "./published-ear.ts";

const levelOf = (text: string) => ear(text).level;

const WHO = [
  "my husband",
  "my wife",
  "my boyfriend",
  "my ex",
  "my dad",
  "my stepfather",
  "my son",
  "he",
  "she",
];
const NOW = [
  "stabbed me",
  "shot me",
  "poisoned me",
  "threw acid on me",
  "locked me in",
  "has a knife",
  "has a gun",
  "is trying to kill me",
  "is breaking the door",
];
const GRAVE = ["burned me", "strangled me", "choked me", "raped me", "broke my nose", "wants to kill me"];

describe.each(WHO)("%s", (who) => {
  test.each(NOW)("%s", (act) => expect(levelOf(`${who} ${act}`)).toBe("emergency"));
  test.each(GRAVE)("%s", (act) => expect(atLeast(levelOf(`${who} ${act}`), "high")).toBe(true));
});

test.each([
  "i have been stabbed",
  "I'm bleeding",
  "i cant breathe",
  "I am going to end it tonight",
  "he's outside",
])("%s is an emergency", (text) => expect(levelOf(text)).toBe("emergency"));

test.each([
  "yes it is safe for me now",
  "i am alone now",
  "he is not home",
  "no weapons",
  "next time",
  "my boss shot me an email",
  "she stabbed me in the back and took my promotion",
  "erase everything",
])("%s is no danger", (text) => expect(atLeast(levelOf(text), "medium")).toBe(false));
