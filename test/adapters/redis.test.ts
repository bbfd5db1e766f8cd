/** The bus's and the limits' contracts on a real Redis, alone, behind TLS and under Sentinels; and a Redis that goes away. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { openRedis } from "../../bot/adapters/redis/bus.ts";
import { readPlace } from "../../bot/adapters/redis/line.ts";
import { busContract } from "../contracts/bus.ts";
import { limitsContract } from "../contracts/limits.ts";
import {
  freePort,
  redisMissing,
  type Server,
  saying,
  startRedis,
  startSentinels,
  until,
} from "../servers.ts";

const missing = redisMissing();
if (missing) console.warn(`skipped: ${missing}`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const own = () => openMemoryLimits({ now: Date.now });
const open = (url: string, log?: Parameters<typeof openRedis>[0]["log"]) =>
  openRedis({ url, ownLimits: own(), ...(log ? { log } : {}) });

async function connected(url: string) {
  const redis = await open(url);
  const heard = new Set<string>();
  const stops = (["cases", "conversation:mine"] as const).map((topic) =>
    redis.bus.subscribe(topic, () => heard.add(topic)),
  );
  // Its first connection wakes everybody; from then on it hears others.
  await until(() => heard.size === stops.length, "the bus to be connected");
  await until(async () => (await redis.bus.check()).ok, "Redis to answer");
  for (const stop of stops) stop();
  return redis;
}

function contracts(name: string, url: () => string): void {
  busContract(`Redis bus, ${name}`, async () => {
    const [{ bus }, { bus: again }] = [await connected(url()), await connected(url())];
    return { bus, again, end: async () => void (await Promise.all([bus.close(), again.close()])) };
  });
  limitsContract(`Redis limits, ${name}`, async () => {
    const [one, two] = [await connected(url()), await connected(url())];
    return {
      limits: one.limits,
      again: two.limits,
      pass: async (ms) => void (await sleep(ms)),
      end: async () => void (await Promise.all([one.bus.close(), two.bus.close()])),
    };
  });
}

describe.skipIf(missing)("with a server", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startRedis();
  }, 30_000);
  afterAll(() => server?.end());

  contracts("alone", () => server.url);

  it("goes on by itself after Redis was killed and started again", async () => {
    const [{ bus, limits }, { bus: again }] = [await connected(server.url), await connected(server.url)];
    let heard = 0;
    again.subscribe("cases", () => {
      heard += 1;
    });
    await server.stop("kill");
    await expect.poll(async () => (await bus.check()).ok, { timeout: 5_000 }).toBe(false);
    for (let i = 0; i < 100; i++) bus.publish("cases");
    expect(heard).toBe(0);
    // Each process counts for itself meanwhile.
    const once = { burst: 1, everyMs: 60_000 };
    expect([await limits.take("a", once), (await limits.take("a", once)) > 0]).toEqual([0, true]);
    const line = [{ key: "a", rate: { burst: 1, perSecond: 0.01 }, n: 1 }];
    expect([await limits.reserve(line), (await limits.reserve(line)).map((ms) => ms > 0)]).toEqual([
      [0],
      [true],
    ]);
    expect([await limits.count("a", 60_000), await limits.count("a", 60_000)]).toEqual([1, 2]);
    await server.start();
    // Whoever listened is woken, because something may have been missed.
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(async () => (await bus.check()).ok, { timeout: 10_000 }).toBe(true);
    const before = heard;
    bus.publish("cases");
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(before + 1);
    expect(await limits.take("a", once)).toBe(0);
    await Promise.all([bus.close(), again.close()]);
  });

  it("makes who watches look every second while nobody can tell him, and leaves him alone again", async () => {
    const server = await startRedis();
    const { bus } = await connected(server.url);
    const looks = { cases: 0, "conversation:mine": 0 };
    for (const topic of ["cases", "conversation:mine"] as const) {
      bus.subscribe(topic, () => {
        looks[topic] += 1;
      });
    }
    await sleep(1_500);
    expect(looks).toEqual({ cases: 0, "conversation:mine": 0 });
    await server.stop("kill");
    await expect.poll(() => Math.min(...Object.values(looks)), { timeout: 4_000 }).toBeGreaterThan(1);
    await server.start();
    await until(async () => (await bus.check()).ok, "Redis to be back");
    await sleep(500);
    const before = { ...looks };
    await sleep(2_500);
    expect(looks).toEqual(before);
    await bus.close();
    await server.end();
  }, 30_000);

  it("is called again after Redis was emptied, and once at the least after it was away", async () => {
    const [{ bus }, { bus: again }] = [await connected(server.url), await connected(server.url)];
    let called = 0;
    again.serve("inbox", async () => {
      called += 1;
    });
    bus.call("inbox");
    await expect.poll(() => called, { timeout: 5_000 }).toBeGreaterThan(0);
    await sleep(300);
    execFileSync("redis-cli", ["-p", String(server.port), "flushall"]);
    called = 0;
    bus.call("inbox");
    await expect.poll(() => called, { timeout: 5_000 }).toBe(1);
    await server.stop("kill");
    await expect.poll(async () => (await bus.check()).ok, { timeout: 5_000 }).toBe(false);
    // Of what others call while it is away, nobody here hears.
    bus.call("inbox");
    await sleep(100);
    expect(called).toBe(1);
    await server.start();
    await expect.poll(() => called, { timeout: 10_000 }).toBeGreaterThan(1);
    await sleep(1_000);
    called = 0;
    bus.call("inbox");
    await expect.poll(() => called, { timeout: 5_000 }).toBe(1);
    await Promise.all([bus.close(), again.close()]);
  });

  it("works with a server that is older than it should be, and says so", async () => {
    const truth = /redis_version:\d/.exec(
      execFileSync("redis-cli", ["-p", String(server.port), "info", "server"], { encoding: "utf8" }),
    )?.[0];
    const old = await saying(server.port, truth ?? "", "redis_version:6");
    const { bus } = await connected(`redis://127.0.0.1:${old.port}`);
    expect(await bus.check()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/version 6\..* is older than 7/),
    });
    await bus.close();
    old.end();
  });

  it("says when the password is wrong or missing, and never what it is", async () => {
    const locked = await startRedis(["--requirepass", "right-one"]);
    for (const who of ["", ":wrong-one@"]) {
      const said: unknown[] = [];
      const url = `redis://${who}127.0.0.1:${locked.port}`;
      const { bus } = await open(url, (...line) => said.push(line));
      await expect
        .poll(async () => (await bus.check()).detail, { timeout: 10_000 })
        .toMatch(/refuses the name or the password of REDIS_URL, or wants one; .*nothing is lost/);
      expect(JSON.stringify([said, await bus.check()])).not.toMatch(/wrong-one|right-one/);
      await bus.close();
    }
    const { bus } = await connected(`redis://:right-one@127.0.0.1:${locked.port}`);
    expect(await bus.check()).toMatchObject({ ok: true });
    await bus.close();
    await locked.end();
  });

  it("says when the account may not use our channels or keys, and wants no more than that", async () => {
    const server = await startRedis();
    const detail = async (...rights: string[]) => {
      const words = ["acl", "setuser", "ben", "reset", "on", ">pw", ...rights];
      execFileSync("redis-cli", ["-p", String(server.port), ...words]);
      const { bus } = await open(`redis://ben:pw@127.0.0.1:${server.port}`);
      await expect
        .poll(async () => (await bus.check()).detail, { timeout: 10_000 })
        .not.toContain("can't be");
      const { detail } = await bus.check();
      await bus.close();
      return detail;
    };
    // As Redis 7 makes an account: keys and commands, and no channel.
    expect(await detail("~ben-an:*", "+@all")).toMatch(/does not let the account.*&ben-an:\*/);
    expect(await detail("&*", "~other:*", "+@all")).toMatch(/does not let the account/);
    // What a script of ours may not do is refused in other words.
    expect(await detail("&*", "~*", "+@all", "-set")).toMatch(/does not let the account/);
    expect(await detail("&ben-an:*", "~ben-an:*", "+@all", "-@dangerous")).toMatch(/^Redis \d+ ms$/);
    await server.end();
  });

  it("says when it takes nothing more, and why, and goes on waking others", async () => {
    const server = await startRedis();
    const ask = (...words: string[]) => execFileSync("redis-cli", ["-p", String(server.port), ...words]);
    const { bus } = await connected(server.url);
    let called = 0;
    bus.serve("inbox", async () => {
      called += 1;
    });
    ask("config", "set", "maxmemory", "1");
    expect(await bus.check()).toMatchObject({ ok: false, detail: expect.stringMatching(/full.*maxmemory/) });
    await sleep(300);
    called = 0;
    bus.call("inbox");
    await expect.poll(() => called, { timeout: 5_000 }).toBe(1);
    ask("config", "set", "maxmemory", "0");
    expect(await bus.check()).toMatchObject({ ok: true });
    // Its disk is full, say: Redis as Debian installs it saves, and refuses all writes when that failed.
    rmSync(server.folder, { recursive: true });
    ask("config", "set", "save", "3600 1");
    ask("set", "theirs", "1");
    ask("bgsave");
    await expect
      .poll(async () => (await bus.check()).detail, { timeout: 10_000 })
      .toMatch(/cannot save \(MISCONF\)/);
    await bus.close();
    await server.end();
  }, 30_000);

  it("makes a connection anew that died without a word, and is called again", async () => {
    const sockets = new Set<Socket>();
    const network = createServer((near) => {
      const far = createConnection({ port: server.port, host: "127.0.0.1" });
      for (const one of [near, far]) sockets.add(one.on("error", () => undefined));
      near.pipe(far).pipe(near);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => network.listen(port, "127.0.0.1", resolve));
    const [{ bus }, { bus: other }] = [
      await connected(`redis://127.0.0.1:${port}`),
      await connected(server.url),
    ];
    let called = 0;
    bus.serve("inbox", async () => {
      called += 1;
    });
    await sleep(300);
    // From here on nothing gets through on what is open, and nobody is told.
    for (const one of sockets) one.unpipe().pause();
    let looks = 0;
    bus.subscribe("cases", () => {
      looks += 1;
    });
    await sleep(8_500);
    // Nothing comes through: who watches looks by himself.
    expect(looks).toBeGreaterThan(3);
    called = 0;
    other.call("inbox");
    await expect.poll(() => called, { timeout: 3_000 }).toBe(1);
    await Promise.all([bus.close(), other.close()]);
    for (const one of sockets) one.destroy();
    network.close();
  }, 30_000);

  it("hears what it may hear later on", async () => {
    const server = await startRedis();
    const allow = (...rights: string[]) =>
      execFileSync("redis-cli", ["-p", String(server.port), "acl", "setuser", "ben", ...rights]);
    allow("on", ">pw", "~*", "+@all");
    const { bus } = await open(`redis://ben:pw@127.0.0.1:${server.port}`);
    let heard = 0;
    bus.subscribe("cases", () => {
      heard += 1;
    });
    await expect.poll(async () => (await bus.check()).detail, { timeout: 10_000 }).toContain("does not let");
    allow("&*");
    await expect.poll(() => heard, { timeout: 10_000 }).toBe(1);
    await bus.close();
    await server.end();
  }, 30_000);

  it("says of a copy that it takes no counts; wake-ups go through it, and each process counts for itself", async () => {
    const copy = await startRedis(["--replicaof", `127.0.0.1 ${server.port}`]);
    const { bus, limits } = await connected(copy.url);
    expect(await bus.check()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/copy of another Redis and takes no counts/),
    });
    const once = { burst: 1, everyMs: 60_000 };
    expect([await limits.take("copy", once), (await limits.take("copy", once)) > 0]).toEqual([0, true]);
    let [called, heard] = [0, 0];
    bus.subscribe("cases", () => {
      heard += 1;
    });
    bus.serve("inbox", async () => {
      called += 1;
    });
    await sleep(100);
    called = 0;
    bus.publish("cases");
    bus.call("inbox");
    await expect.poll(() => [called, heard], { timeout: 5_000 }).toEqual([1, 1]);
    await bus.close();
    await copy.end();
  });

  it("keeps nothing longer than it takes to fill a bucket again", async () => {
    const { bus, limits } = await connected(server.url);
    await limits.take("short", { burst: 3, everyMs: 100 });
    await limits.reserve([{ key: "short", rate: { burst: 3, perSecond: 10 }, n: 3 }]);
    await limits.count("short", 900);
    const ask = (...words: string[]) =>
      execFileSync("redis-cli", ["-p", String(server.port), ...words], { encoding: "utf8" }).trim();
    expect(ask("keys", "*short*").split("\n")).toHaveLength(3);
    await expect.poll(() => ask("keys", "*short*"), { timeout: 5_000 }).toBe("");
    await bus.close();
  });
});

describe.skipIf(missing)("under Sentinels", () => {
  let watched: Awaited<ReturnType<typeof startSentinels>>;
  beforeAll(async () => {
    watched = await startSentinels();
  }, 60_000);
  afterAll(() => watched?.end());

  contracts("under Sentinels", () => watched.url);

  it("follows them to the new master when the old one dies, and wakes everybody", async () => {
    const [{ bus, limits }, { bus: again }] = [await connected(watched.url), await connected(watched.url)];
    expect((await bus.check()).detail).toMatch(/Redis \d+ ms \(of the Sentinels' "house"\)/);
    let heard = 0;
    again.subscribe("cases", () => {
      heard += 1;
    });
    await watched.killMaster();
    const started = Date.now();
    // Nobody waits for a limit meanwhile.
    expect(await limits.take("b", { burst: 1, everyMs: 60_000 })).toBe(0);
    expect(Date.now() - started).toBeLessThan(2_000);
    await expect.poll(() => heard, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(async () => (await bus.check()).ok, { timeout: 20_000 }).toBe(true);
    const before = heard;
    bus.publish("cases");
    await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(before);
    await Promise.all([bus.close(), again.close()]);
  }, 60_000);
});

describe.skipIf(missing)("behind TLS", () => {
  it("speaks to a server whose certificate the machine trusts, and to no other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ben-an-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-keyout",
        key,
        "-out",
        certificate,
      ].concat(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]),
      { stdio: "pipe" },
    );
    execFileSync("chmod", ["-R", "a+rX", folder]);
    const tlsPort = await freePort();
    const server = await startRedis(
      ["--tls-port", String(tlsPort), "--tls-cert-file", certificate, "--tls-key-file", key].concat([
        "--tls-auth-clients",
        "no",
      ]),
    );
    try {
      // Whom a process trusts is read when it starts, so each asks from a process of its own.
      const health = (trusted: Record<string, string>) => asked(`rediss://127.0.0.1:${tlsPort}`, trusted);
      expect(health({ NODE_EXTRA_CA_CERTS: certificate })).toContain('"ok":true');
      expect(health({})).toContain('"ok":false');
    } finally {
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  function asked(url: string, env: Record<string, string>): string {
    const program = `
      const { openRedis } = await import("./bot/adapters/redis/bus.ts");
      const { bus } = await openRedis({ url: ${JSON.stringify(url)}, ownLimits: { take: async () => 0 } });
      let told;
      for (let n = 0; n < 20 && !(told = await bus.check()).ok; n += 1) await new Promise((r) => setTimeout(r, 100));
      console.log(JSON.stringify(told));
      await bus.close();
      process.exit(0);`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: join(import.meta.dirname, "..", ".."),
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    });
  }
});

it("opens at once without a Redis, throws nothing, and still wakes its own process", async () => {
  for (const shape of ["redis://127.0.0.1:PORT", "redis+sentinel://127.0.0.1:PORT/house"]) {
    const lines: string[] = [];
    const started = performance.now();
    const url = shape.replace("PORT", String(await freePort()));
    const { bus, limits } = await open(url, (_, code) => lines.push(code));
    expect(performance.now() - started).toBeLessThan(1_000);
    let heard = 0;
    let called = 0;
    bus.subscribe("cases", () => {
      heard += 1;
    });
    bus.serve("inbox", async () => {
      called += 1;
    });
    bus.publish("cases");
    bus.call("inbox");
    await expect.poll(() => [heard, called]).toEqual([1, 1]);
    expect(await bus.check()).toMatchObject({ ok: false });
    expect(await limits.take("a", { burst: 1, everyMs: 1_000 })).toBe(0);
    await expect.poll(() => lines, { timeout: 5_000 }).toContain("redis_away");
    await bus.close();
  }
});

it("reads addresses of all shapes, and refuses what is none without showing a password", async () => {
  expect(readPlace("rediss+sentinel://mai:m%40t@a.example:1,[::1]:2,b.example/nh%C3%A0")).toMatchObject({
    isTls: true,
    username: "mai",
    password: "m@t",
    sentinel: {
      name: "nhà",
      nodes: [
        { host: "a.example", port: 1 },
        { host: "::1", port: 2 },
        { host: "b.example", port: 26_379 },
      ],
    },
  });
  const withColon = readPlace("redis+sentinel://:m:t%3A@a.example:1/house");
  expect(withColon.password).toBe("m:t:");
  expect(withColon).not.toHaveProperty("username");
  for (const url of [
    "http://somewhere",
    "redis://",
    "redis+sentinel://a.example:1",
    "redis+sentinel://a.example:x/house",
    "redis+sentinel://u:hunter22@a.example:1,,/house",
    "redis+sentinel://u:hunter22%zz@a.example:1/house",
    "redis://:hunter22%zz@a.example:1",
    "redis://:hunter22@a.example:1/house",
  ]) {
    const failure = await open(url).catch((error: unknown) => error);
    expect(String(failure)).toContain("REDIS_URL must look like");
    expect(String(failure)).not.toContain("hunter22");
  }
});
