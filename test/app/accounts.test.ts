/** Guessing a password at one process after the other is guessing at one. */

import { expect, it } from "vitest";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { openMemoryBus } from "../../bot/adapters/memory/bus.ts";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import { systemClock } from "../../bot/adapters/system.ts";
import { makeAccounts } from "../../bot/app/accounts.ts";

const MAI = { login: "mai", alias: "Mai", password: "a long password of Mai" };

it("counts failed sign-ins over all processes, by place and by name, and for a quarter of an hour", async () => {
  const store = await openSqlite({ file: ":memory:" });
  let passed = 0;
  const clock = { ...systemClock(), now: () => Date.now() + passed };
  const parts = {
    store,
    clock,
    vault: openVault({ key: Buffer.alloc(32, 5).toString("base64") }),
    bus: openMemoryBus(),
  };
  const shared = openMemoryLimits(clock);
  const processes = [makeAccounts(parts, shared), makeAccounts(parts, shared)] as const;
  const [one, two] = processes;
  expect((await one.accept((await one.firstLink()) ?? "", MAI)).ok).toBe(true);

  const guess = async (n: number, from: string, login = MAI.login) => {
    const told: string[] = [];
    for (let i = 0; i < n; i += 1) {
      const answer = await processes[i % 2]?.signIn(login, "not her password", from);
      told.push(answer && !answer.ok ? answer.code : "in");
    }
    return told;
  };
  // Nine failures, and her own sign-in begins the count anew.
  expect(await guess(9, "café")).toEqual(Array(9).fill("wrong_login"));
  expect((await two.signIn(MAI.login, MAI.password, "café")).ok).toBe(true);
  expect(await guess(11, "café")).toEqual([...Array(10).fill("wrong_login"), "too_many"]);
  // Neither her name from elsewhere nor another name from there, and not with the right password either.
  expect(await guess(1, "home")).toEqual(["too_many"]);
  expect(await guess(1, "café", "lan")).toEqual(["too_many"]);
  expect(await one.signIn(MAI.login, MAI.password, "home")).toMatchObject({ ok: false, code: "too_many" });
  expect(await guess(1, "home", "lan")).toEqual(["wrong_login"]);
  passed = 15 * 60_000;
  expect((await two.signIn(MAI.login, MAI.password, "café")).ok).toBe(true);
  await store.upkeep.close();
}, 60_000);

it("signs everybody else out who used the old password, and lets her go on", async () => {
  const store = await openSqlite({ file: ":memory:" });
  const clock = systemClock();
  const vault = openVault({ key: Buffer.alloc(32, 5).toString("base64") });
  const accounts = makeAccounts({ store, clock, vault, bus: openMemoryBus() }, openMemoryLimits(clock));
  const first = await accounts.accept((await accounts.firstLink()) ?? "", MAI);
  const stolen = await accounts.signIn("mai", MAI.password, "elsewhere");
  if (!first.ok || !stolen.ok) throw new Error("not signed in");
  const changed = await accounts.changePassword(first.staff, MAI.password, "another long password");
  if (!changed.ok) throw new Error(changed.code);
  expect(await accounts.who(stolen.session)).toBeNull();
  expect(await accounts.who(first.session)).toBeNull();
  expect(await accounts.who(changed.session)).toMatchObject({ login: "mai" });
  await store.upkeep.close();
});
