/** Settings: all faults at once, and a channel that is half set does not start. */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configFrom } from "../bot/config.ts";

const faults = (env: Record<string, string>) => {
  const result = configFrom(env);
  return result.ok ? [] : result.faults;
};

describe("configFrom", () => {
  it("needs nothing at all", () => {
    expect(configFrom({})).toMatchObject({
      ok: true,
      config: { port: 8080, role: "all", telegram: null, databaseUrl: null },
    });
  });
  it("takes an empty value for none, so that .env.example can be copied as it is", () => {
    expect(faults({ TELEGRAM_BOT_TOKEN: "", PORT: " " })).toEqual([]);
  });
  it("names every fault at once", () => {
    const found = faults({
      PORT: "abc",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "http://example.org",
      TELEGRAM_WEBHOOK_SECRET: "x",
    });
    expect(found.join("\n")).toMatch(/PORT[\s\S]*PUBLIC_URL must begin with https[\s\S]*LOG_LEVEL is one of/);
    expect(found.join("\n")).toContain("TELEGRAM_BOT_TOKEN is missing: TELEGRAM_WEBHOOK_SECRET is set");
  });
  it.each(["abc", "99999", "-1", "80.5"])("says what a port is when it is given %s", (PORT) => {
    expect(faults({ PORT })).toEqual(["PORT must be a whole number from 0 to 65535"]);
  });
  it.each([
    "postgres://bot:a/b#c@db:5432/bot",
    "postgres://bot:100%@db:5432/bot",
    "postgres://bot@db:port/bot",
  ])("says how to write what cannot be read as an address, and never the address: %s", (DATABASE_URL) => {
    const [fault = "", ...more] = faults({ DATABASE_URL });
    expect(more).toEqual([]);
    expect(fault).toMatch(/^DATABASE_URL can't be read as an address: .*%2F/);
    expect(fault).not.toContain("bot");
  });
  it("takes addresses that PostgreSQL takes, with and without a host", () => {
    for (const DATABASE_URL of [
      "postgres://bot:a%2Fb%23c@db:5432/bot?sslmode=verify-full",
      "postgres:///bot?host=/run/postgresql",
      "postgresql://bot@[::1]/bot",
    ])
      expect(faults({ DATABASE_URL }), DATABASE_URL).toEqual([]);
  });
  it.each(["chat.example.org", "http://a b", "ftp://example.org", "https://"])(
    "says how an address begins: %s",
    (PUBLIC_URL) => {
      expect(faults({ PUBLIC_URL })).toEqual(["PUBLIC_URL is not an address like https://example.org"]);
    },
  );
  it("takes a Telegram account for one counsellor only: the trail would name another for what she did", () => {
    const given = { TELEGRAM_BOT_TOKEN: "1:a", TELEGRAM_DESK_GROUP: "-1001234567890" };
    expect(faults({ ...given, TELEGRAM_DESK_STAFF: "mai:123,lan:456" })).toEqual([]);
    expect(faults({ ...given, TELEGRAM_DESK_STAFF: "mai:123,lan:123" })).toEqual([
      "TELEGRAM_DESK_STAFF names a Telegram account twice",
    ]);
  });
  it("takes plain http on loopback only", () => {
    expect(faults({ PUBLIC_URL: "http://127.0.0.1:8080" })).toEqual([]);
    expect(faults({ PUBLIC_URL: "http://localhost:8080" })).toEqual([]);
    expect(faults({ TELEGRAM_API_ROOT: "http://api.example.org" })).toHaveLength(1);
  });
  it.each([
    [{ TELEGRAM_WEBHOOK_SECRET: "abc" }, ["TELEGRAM_BOT_TOKEN", "PUBLIC_URL"]],
    [{ ZALO_BOT_WEBHOOK_SECRET: "abcdefgh" }, ["ZALO_BOT_TOKEN", "PUBLIC_URL"]],
    [
      { ZALO_OA_ID: "1" },
      ["ZALO_OA_APP_ID", "ZALO_OA_APP_SECRET", "ZALO_OA_SECRET_KEY", "ZALO_OA_REFRESH_TOKEN", "PUBLIC_URL"],
    ],
    [{ TELEGRAM_DESK_GROUP: "-1001234567890" }, ["TELEGRAM_BOT_TOKEN", "TELEGRAM_DESK_STAFF"]],
    [{ REDIS_URL: "redis://127.0.0.1" }, ["DATABASE_URL"]],
    [{ ROLE: "worker" }, ["DATABASE_URL", "REDIS_URL"]],
    [{ OPENAI_API_KEY: "k" }, ["OPENAI_MODEL"]],
  ])("says what is missing beside %j", (env, missing) => {
    const found = faults(env);
    for (const name of missing)
      expect(
        found.some((f) => f.startsWith(`${name} is missing`)),
        name,
      ).toBe(true);
  });
});

it("says of an .env that cannot be read what to do, in one line", () => {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-env-"));
  try {
    // Whoever runs the tests may read every file, but nobody a folder as one.
    mkdirSync(join(folder, ".env"));
    for (const args of [["bot/cli.ts", "keys", "show-id"], ["bot/main.ts"]]) {
      const [file = "", ...rest] = args;
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(import.meta.dirname, "..", file), ...rest],
        {
          cwd: folder,
          encoding: "utf8",
        },
      );
      expect(status).toBe(1);
      expect(stderr).toContain(`${join(folder, ".env")} is there, but this account can't read it`);
      expect(stderr).not.toContain("    at ");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
