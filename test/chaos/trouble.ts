/** What goes wrong, by a dice that falls the same way for the same seed. */

import { createConnection } from "node:net";
import type { House, Machine } from "./house.ts";
import { sleep } from "./people.ts";

export type Dice = () => number;

/** Numbers from 0 to 1 (mulberry32): small, known, the same everywhere. */
export function dice(seed: number): Dice {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Kind {
  readonly name: string;
  readonly weight: number;
  /** Not again before. */
  readonly pauseMs?: number;
  /** false: there was nobody to whom it could happen. */
  happen(house: House, roll: Dice): Promise<unknown> | unknown;
}

/** Who is struck was at work for this long: else a small and busy computer would only ever start, and nothing be shaken. */
const SETTLED_MS = 1_500;
/** How often somebody is struck while it still starts, all the same. */
const EARLY = 0.15;

const someone = (house: House, roll: Dice, role?: Machine["role"]) => {
  const isEarly = roll() < EARLY;
  const all = house.machines.filter(
    (m) => (role === undefined || m.role === role) && (isEarly || m.workingMs() > SETTLED_MS),
  );
  return all[Math.floor(roll() * all.length)];
};

const KINDS: readonly Kind[] = [
  {
    name: "kill -9",
    weight: 10,
    pauseMs: 4_000,
    async happen(house, roll) {
      const machine = someone(house, roll);
      if (!machine) return false;
      machine.signal("SIGKILL");
      await sleep(100 + roll() * 1_500);
      machine.start();
      return true;
    },
  },
  {
    name: "ask to stop",
    weight: 3,
    pauseMs: 8_000,
    async happen(house, roll) {
      const machine = someone(house, roll);
      if (!machine) return false;
      machine.signal("SIGTERM");
      for (let n = 0; machine.isUp() && n < 110; n += 1) await sleep(100);
      machine.start();
      return true;
    },
  },
  {
    name: "pause",
    weight: 10,
    pauseMs: 1_500,
    async happen(house, roll) {
      const machine = someone(house, roll);
      if (!machine) return false;
      machine.signal("SIGSTOP");
      await sleep(300 + roll() * 2_500);
      machine.signal("SIGCONT");
      return true;
    },
  },
  {
    name: "pause longer than a lease",
    weight: 2,
    pauseMs: 25_000,
    async happen(house, roll) {
      const machine = someone(house, roll, "worker");
      if (!machine) return false;
      machine.signal("SIGSTOP");
      await sleep(16_500);
      machine.signal("SIGCONT");
      return true;
    },
  },
  {
    name: "Redis dies",
    weight: 4,
    pauseMs: 6_000,
    async happen(house, roll) {
      await house.redis.stop("kill");
      await sleep(roll() * 3_000);
      await house.redis.start();
    },
  },
  { name: "Redis emptied", weight: 4, happen: (house) => flush(house.redis.port) },
  { name: "Redis cables cut", weight: 8, happen: (house) => house.cables.redis.cut(1) },
  {
    name: "PostgreSQL dies",
    weight: 2,
    pauseMs: 15_000,
    async happen(house, roll) {
      await house.postgres.stop(roll() < 0.5 ? "kill" : "orderly");
      await sleep(roll() * 1_500);
      for (let up = false; !up; )
        up = await house.postgres.start().then(
          () => true,
          () => false,
        );
    },
  },
  { name: "PostgreSQL cables cut", weight: 8, happen: (house, roll) => house.cables.postgres.cut(roll()) },
  { name: "front cables cut", weight: 10, happen: (house, roll) => house.cables.front.cut(roll()) },
  {
    name: "cables slow",
    weight: 5,
    async happen(house, roll) {
      const cable = [house.cables.front, house.cables.postgres, house.cables.redis][Math.floor(roll() * 3)];
      cable?.slow(20 + roll() * 150);
      await sleep(1_000);
      cable?.slow(0);
    },
  },
  {
    name: "platform's answer lost",
    weight: 8,
    happen: (house) => fault(house, { fault: "cut", isDone: true }),
  },
  {
    name: "platform's answer never comes",
    weight: 1,
    pauseMs: 10_000,
    happen: (house) => fault(house, { fault: "hang", isDone: true }),
  },
  {
    name: "platform's answer late",
    weight: 4,
    pauseMs: 2_000,
    // Sometimes longer than a delivery's lease.
    happen: (house, roll) => fault(house, { fault: "late", lateMs: Math.round(500 + roll() ** 3 * 17_500) }),
  },
  { name: "platform breaks", weight: 5, happen: (house) => fault(house, { fault: "server_error" }) },
  {
    name: "platform says wait",
    weight: 5,
    happen: (house) => fault(house, { fault: "too_many", retryAfter: 1 }),
  },
  {
    name: "clock jumps",
    weight: 5,
    happen(house, roll) {
      const machine = someone(house, roll);
      machine?.signal("SIGUSR2");
      return machine !== undefined;
    },
  },
  { name: "update twice", weight: 12, happen: (house) => house.control.repeatLast() },
];

function fault(house: House, how: object): Promise<unknown> {
  return house.control.ask("fault", { method: "sendMessage", times: 1, ...how });
}

function flush(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => socket.end("FLUSHALL\r\n"));
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.resume();
  });
}

/** The one on whose stretch of the weights `at` falls. */
function drawn(kinds: readonly Kind[], at: number): Kind | undefined {
  let end = 0;
  for (const kind of kinds) {
    end += kind.weight;
    if (at < end) return kind;
  }
  return undefined;
}

/** Shakes the house until told to stop, by all kinds of trouble or `only` those named; returns how often each happened. */
export async function makeTrouble(
  house: House,
  seed: number,
  stop: AbortSignal,
  only?: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const roll = dice(seed);
  const happened = new Map<string, number>();
  const notBefore = new Map<string, number>();
  const running = new Set<Promise<unknown>>();
  const kinds = KINDS.filter((k) => only?.includes(k.name) ?? true);
  while (!stop.aborted) {
    await sleep(150 + roll() * 350);
    const open = kinds.filter((k) => (notBefore.get(k.name) ?? 0) <= Date.now());
    const kind = drawn(open, roll() * open.reduce((n, k) => n + k.weight, 0));
    if (!kind || stop.aborted) continue;
    notBefore.set(kind.name, Date.now() + (kind.pauseMs ?? 0));
    // Troubles come together, as they do.
    const event = Promise.resolve(kind.happen(house, roll))
      .catch(() => undefined)
      .then((came) => {
        if (came !== false) happened.set(kind.name, (happened.get(kind.name) ?? 0) + 1);
      });
    running.add(event);
    void event.finally(() => running.delete(event));
  }
  await Promise.all(running);
  return happened;
}
