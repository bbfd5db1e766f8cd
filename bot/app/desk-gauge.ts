/** How the desk stands: who is on duty, what waits. Read at most once a second, however many turns ask. */

import type { Level } from "../core/level.ts";
import type { Parts } from "./parts.ts";

const FRESH_MS = 1_000;

export interface DeskReading {
  readonly onDuty: number;
  readonly waiting: readonly { readonly level: Level; readonly n: number }[];
}

export interface DeskGauge {
  read(): Promise<DeskReading>;
}

export function makeDeskGauge({ store, clock, bus }: Pick<Parts, "store" | "clock" | "bus">): DeskGauge {
  let last: { at: number; reading: Promise<DeskReading> } | undefined;
  bus.subscribe("cases", () => {
    last = undefined;
  });
  return {
    read() {
      const now = clock.now();
      if (last && now - last.at < FRESH_MS) return last.reading;
      const reading = look(now);
      last = { at: now, reading };
      // A failed look must not be remembered.
      reading.catch(() => {
        last = undefined;
      });
      return reading;
    },
  };

  async function look(now: number): Promise<DeskReading> {
    const [onDuty, tally] = await Promise.all([store.staff.onDuty(now), store.cases.tally(now)]);
    return {
      onDuty: onDuty.length,
      waiting: tally.filter((t) => t.state === "waiting").map(({ level, n }) => ({ level, n })),
    };
  }
}
