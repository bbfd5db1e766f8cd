/** Waiting that can be cut short and leaves nothing behind. */

import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { pause } from "../../bot/adapters/pause.ts";
import { hastyClock } from "./witness.ts";

it("ends by the clock, at once when stopped, and takes its listener along", async () => {
  const stop = new AbortController();
  for (let n = 0; n < 20; n += 1) await pause(hastyClock, 20, stop.signal);
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
  const long = pause(hastyClock, 3_600_000, stop.signal);
  stop.abort();
  await long;
  await pause(hastyClock, 3_600_000, stop.signal);
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
});
