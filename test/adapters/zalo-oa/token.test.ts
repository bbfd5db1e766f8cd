/** The access token: renewed in time, by one process, on disk before use, through deaths at every point. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenKeeper } from "../../../bot/adapters/zalo-oa/token.ts";
import type { StandIn } from "../../peers/stand-in.ts";
import { ZaloOaControl } from "../../peers/zalo-oa/person.ts";
import { startZaloOa, ZALO_OA } from "../../peers/zalo-oa/server.ts";
import { keepingLog } from "../witness.ts";
import { MemoryShelf, movedClock } from "./shelf.ts";

const HOUR = 3_600_000;
let peer: StandIn;
let control: ZaloOaControl;
let shelf: MemoryShelf;
let offset: { ms: number };
let lines: string[];

/** One process with its own memory; all share the shelf. */
function process(first: string = ZALO_OA.firstRefreshToken): TokenKeeper {
  const kept = keepingLog();
  lines = kept.lines;
  return new TokenKeeper({
    oauthBase: peer.url,
    appId: ZALO_OA.appId,
    appSecret: ZALO_OA.appSecret,
    firstRefreshToken: first,
    shelf,
    clock: movedClock(offset),
    log: kept.log,
    timeoutMs: 400,
  });
}

beforeEach(async () => {
  peer = await startZaloOa();
  control = new ZaloOaControl(peer.url);
  shelf = new MemoryShelf();
  offset = { ms: 0 };
});

afterEach(async () => {
  expect(await control.violations()).toEqual([]);
  await peer.close();
  expect(lines.join()).not.toMatch(/PEER-/);
});

const refreshes = async () => (await control.state()).refreshes;

describe("renewing", () => {
  it("begins with the consent's token, keeps the pair on the shelf, and asks no more than needed", async () => {
    const one = process();
    expect(await one.current()).toBe("PEER-access-1-made-up");
    expect(await one.current()).toBe("PEER-access-1-made-up");
    expect(shelf.text).toContain("PEER-refresh-1-made-up");
    expect(await process().current()).toBe("PEER-access-1-made-up");
    expect(await refreshes()).toBe(1);
  });

  it("renews at 80 % of 25 hours, not before", async () => {
    const one = process();
    await one.current();
    offset.ms = 19.9 * HOUR;
    expect(await one.current()).toBe("PEER-access-1-made-up");
    offset.ms = 20.1 * HOUR;
    expect(await one.current()).toBe("PEER-access-2-made-up");
  });

  it("is done once by many who ask at the same time, in one process and in several", async () => {
    const several = [process(), process(), process()];
    const got = await Promise.all(several.flatMap((one) => [one.current(), one.current()]));
    expect(new Set(got)).toEqual(new Set(["PEER-access-1-made-up"]));
    expect(await refreshes()).toBe(1);
  });

  it("goes on with the old token while Zalo is away, and tries again a minute later", async () => {
    const one = process();
    await one.current();
    offset.ms = 21 * HOUR;
    await control.fault({ fault: "html", path: "/access_token" });
    expect(await one.current()).toBe("PEER-access-1-made-up");
    expect(await one.current()).toBe("PEER-access-1-made-up");
    offset.ms += 61_000;
    expect(await one.current()).toBe("PEER-access-2-made-up");
    expect(one.health.failures).toBe(0);
  });

  it("takes another process's newer pair when its own is refused", async () => {
    const [one, two] = [process(), process()];
    await one.current();
    offset.ms = 21 * HOUR;
    await two.current();
    expect(await one.replace("PEER-access-1-made-up")).toBe("PEER-access-2-made-up");
    expect(await refreshes()).toBe(2);
  });

  it("replaces a refused token that should still be good", async () => {
    const one = process();
    const token = await one.current();
    expect(await one.replace(token ?? "")).toBe("PEER-access-2-made-up");
  });

  it("begins anew when the operator gives the token of a new consent", async () => {
    const one = process();
    const pair = await one.current();
    expect(pair).not.toBeNull();
    const { pair: kept } = JSON.parse(shelf.text ?? "{}");
    expect(await process(kept.refreshToken).current()).toBe("PEER-access-2-made-up");
  });
});

describe("a process that dies", () => {
  /** Renews until the shelf "dies" at its nth access. */
  async function dieAt(n: number): Promise<void> {
    let left = n;
    shelf.before = () => {
      if (--left < 0) throw new Error("killed");
    };
    await process().current();
    shelf.before = () => undefined;
  }

  it.each([0, 1])("before it asked Zalo (access %i) costs nothing but the wait for its claim", async (n) => {
    await dieAt(n);
    expect(await refreshes()).toBe(0);
    offset.ms = 61_000;
    expect(await process().current()).toBe("PEER-access-1-made-up");
  });

  it.each([2, 3])(
    "between Zalo's answer and the disk (access %i) leaves the old token working, and alarms",
    async (n) => {
      await process().current();
      offset.ms = 21 * HOUR;
      await dieAt(n);
      expect(await refreshes()).toBe(2);
      offset.ms += 61_000;
      const heir = process();
      expect(await heir.current()).toBe("PEER-access-1-made-up");
      offset.ms += 61_000;
      expect(await heir.current()).toBe("PEER-access-1-made-up");
      expect(lines.filter((line) => line.includes("zalo-oa.token_error_14020"))).toHaveLength(2);
      expect(lines.at(-1)).toContain('"level":"error"');
      offset.ms += 5 * HOUR;
      expect(await heir.current()).toBeNull();
      expect(shelf.text).toContain("PEER-refresh-1-made-up");
    },
  );

  it("while it only could not write keeps the new pair, does not use it, and writes it as soon as it can", async () => {
    const one = process();
    await one.current();
    offset.ms = 21 * HOUR;
    let puts = 0;
    shelf.before = (verb) => {
      if (verb === "put" && ++puts > 1) throw new Error("the disk is full");
    };
    expect(await one.current()).toBe("PEER-access-1-made-up");
    expect(one.secrets).toContain("PEER-access-2-made-up");
    shelf.before = () => undefined;
    expect(await one.current()).toBe("PEER-access-2-made-up");
    expect(shelf.text).toContain("PEER-refresh-2-made-up");
    expect(await refreshes()).toBe(2);
  });
});

it("gives no token, and no error, when nothing works at all", async () => {
  shelf.before = () => {
    throw new Error("the store is away");
  };
  expect(await process().current()).toBeNull();
  shelf.before = () => undefined;
  shelf.text = "not what we wrote";
  const one = process();
  expect(await one.current()).toBeNull();
  expect(one.health).toEqual({ failures: 1, goodUntil: 0 });
});
