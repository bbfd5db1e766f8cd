import { expect, it } from "vitest";
import { isOlder } from "../../bot/core/version.ts";

it("knows which of two builds came first", () => {
  const inOrder = ["0", "0.0.9", "0.1.0", "0.9.0", "0.10.0", "0.10.12", "1.0.0-rc.1", "1.2", "10.0.0"];
  for (const [i, version] of inOrder.entries())
    expect(inOrder.map((than) => isOlder(version, than))).toEqual(inOrder.map((_, n) => i < n));
  // Nobody can say which of these came first, so none of them gives way.
  for (const [a = "", b = ""] of [
    ["1.0.0", "1.0.0-rc.1"],
    ["1.2", "1.2.0"],
    ["", "0.0.0"],
  ])
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([false, false]);
});
