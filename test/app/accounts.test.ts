/** Who gets in, and who does not any more. */

import { describe, expect, it } from "vitest";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { openMemoryBus } from "../../bot/adapters/memory/bus.ts";
import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import { systemClock } from "../../bot/adapters/system.ts";
import { makeAccounts } from "../../bot/app/accounts.ts";
import type { Staff } from "../../bot/app/services.ts";

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
  // But from a device on which she signed in before, as often as she mistypes there.
  const device = two.deviceMark("Mai");
  expect((await one.signIn(MAI.login, MAI.password, "home", device)).ok).toBe(true);
  expect(await one.signIn("lan", "a guess", "café", device)).toMatchObject({ code: "too_many" });
  for (let i = 0; i < 10; i += 1) await two.signIn(MAI.login, "mistyped", "home", device);
  expect(await one.signIn(MAI.login, MAI.password, "home", device)).toMatchObject({ code: "too_many" });
  passed = 15 * 60_000;
  expect((await two.signIn(MAI.login, MAI.password, "café")).ok).toBe(true);
  await store.upkeep.close();
}, 60_000);

describe("links and sessions", () => {
  async function house() {
    const store = await openSqlite({ file: ":memory:" });
    const clock = systemClock();
    const vault = openVault({ key: Buffer.alloc(32, 6).toString("base64") });
    const accounts = makeAccounts({ store, clock, vault, bus: openMemoryBus() }, openMemoryLimits(clock));
    const join = async (token: string, login: string) => {
      const joined = await accounts.accept(token, { login, alias: login, password: MAI.password });
      if (!joined.ok) throw new Error(joined.code);
      return joined;
    };
    const invited = async (by: Staff) => {
      const made = await accounts.invite(by, ["administrator", "supervisor"]);
      return made.ok ? made.token : "";
    };
    const first = await accounts.firstLink();
    const left = await accounts.firstLink();
    const boss = await join(first ?? "", "boss");
    return { store, accounts, join, invited, boss, left };
  }
  const gone = { ok: false, code: "not_found" };

  it("invitations end with their maker's right to invite, so that who was dismissed has no way back", async () => {
    const { store, accounts, join, invited, boss } = await house();
    const [dismissed, lessened] = [
      await join(await invited(boss.staff), "adm"),
      await join(await invited(boss.staff), "ngoc"),
    ];
    const [back, other, good] = [
      await invited(dismissed.staff),
      await invited(lessened.staff),
      await invited(boss.staff),
    ];
    await accounts.change(boss.staff, dismissed.staff.id, { disabled: true });
    await accounts.change(boss.staff, lessened.staff.id, { roles: ["counsellor"] });
    for (const token of [back, other]) {
      expect(await accounts.invitation(token)).toMatchObject(gone);
      expect(await accounts.accept(token, { ...MAI, login: "ghost" })).toMatchObject(gone);
    }
    expect((await accounts.invitation(good)).ok).toBe(true);
    await store.upkeep.close();
  }, 60_000);

  it("the first link of an earlier start opens nothing once somebody has joined", async () => {
    const { store, accounts, left } = await house();
    expect(await accounts.accept(left ?? "", MAI)).toMatchObject(gone);
    await store.upkeep.close();
  }, 60_000);

  it("give who forgot her password a way back, once; whoever used the old one is out", async () => {
    const { store, accounts, join, invited, boss } = await house();
    const mai = await join(await invited(boss.staff), "mai");
    const made = await accounts.passwordLink(boss.staff, mai.staff.id);
    if (!made.ok) throw new Error(made.code);
    expect(await accounts.passwordLinkOf(made.token)).toMatchObject({ login: "mai", alias: "mai" });
    expect(await accounts.invitation(made.token)).toMatchObject(gone);
    const fresh = "a password that is new to Mai";
    expect(await accounts.setPassword(made.token, "short")).toMatchObject({ code: "bad_request" });
    const both = await Promise.all([1, 2].map(() => accounts.setPassword(made.token, fresh)));
    expect(both.filter((answer) => answer.ok)).toHaveLength(1);
    expect(await accounts.who(mai.session)).toBeNull();
    expect(await accounts.signIn("mai", MAI.password, "home")).toMatchObject({ code: "wrong_login" });
    expect((await accounts.signIn("mai", fresh, "home")).ok).toBe(true);
    await store.upkeep.close();
  }, 60_000);

  it("lead back into no closed account, not into one's own, and not once an administrator was dismissed", async () => {
    const { store, accounts, join, invited, boss } = await house();
    const [adm, mai, lan] = [
      await join(await invited(boss.staff), "adm"),
      await join(await invited(boss.staff), "mai"),
      await join(await invited(boss.staff), "lan"),
    ];
    const linkTo = async (by: Staff, to: Staff) => {
      const made = await accounts.passwordLink(by, to.id);
      return made.ok ? made.token : made.code;
    };
    expect(await linkTo(boss.staff, boss.staff)).toBe("bad_request");
    expect(await linkTo({ ...mai.staff, roles: ["supervisor"] }, lan.staff)).toBe("forbidden");
    const hers = await linkTo(boss.staff, lan.staff);
    await accounts.change(boss.staff, lan.staff.id, { disabled: true });
    expect(await accounts.setPassword(hers, MAI.password)).toMatchObject(gone);
    expect(await linkTo(boss.staff, lan.staff)).toBe("bad_request");
    // Under Mai's name the dismissed administrator would come back and read.
    const back = await linkTo(adm.staff, mai.staff);
    await accounts.change(boss.staff, adm.staff.id, { roles: ["counsellor"] });
    expect(await accounts.setPassword(back, MAI.password)).toMatchObject(gone);
    await store.upkeep.close();
  }, 60_000);

  it("are listed while they open something, and taken back", async () => {
    const { store, accounts, join, invited, boss } = await house();
    const lessened = await join(await invited(boss.staff), "ngoc");
    const [wrong, dead] = [await invited(boss.staff), await invited(lessened.staff)];
    await accounts.change(boss.staff, lessened.staff.id, { roles: ["counsellor"] });
    await accounts.passwordLink(boss.staff, lessened.staff.id);
    const open = async () => {
      const listed = await accounts.links(boss.staff);
      return listed.ok ? listed.links : [];
    };
    expect((await open()).map(({ kind, alias }) => [kind, alias])).toEqual([
      ["reset", "ngoc"],
      ["invite", "boss"],
    ]);
    expect(await accounts.invitation(dead)).toMatchObject(gone);
    const sent = (await open()).find((link) => link.kind === "invite");
    const noMore: Staff = { ...lessened.staff, roles: ["counsellor"] };
    expect(await accounts.takeBack(noMore, sent?.id ?? "")).toMatchObject({ code: "forbidden" });
    expect((await accounts.takeBack(boss.staff, sent?.id ?? "")).ok).toBe(true);
    expect(await accounts.invitation(wrong)).toMatchObject(gone);
    expect(await accounts.takeBack(boss.staff, sent?.id ?? "")).toMatchObject(gone);
    await store.upkeep.close();
  }, 60_000);

  it("the operator makes one for the only administrator, and it is written down as the operator's", async () => {
    const { store, accounts, boss } = await house();
    const made = await accounts.operatorsPasswordLink("Boss");
    if (!made.ok) throw new Error(made.code);
    expect((await accounts.setPassword(made.token, "boss knows this one")).ok).toBe(true);
    expect(await accounts.who(boss.session)).toBeNull();
    expect(await accounts.operatorsPasswordLink("nobody")).toMatchObject(gone);
    await store.upkeep.close();
  }, 60_000);

  it("cost a stranger without a link more than they cost us: nothing is hashed for one", async () => {
    const { store, accounts } = await house();
    const took = async (run: () => Promise<unknown>) => {
      const from = performance.now();
      for (let i = 0; i < 20; i += 1) await run();
      return performance.now() - from;
    };
    const looks = await took(() => accounts.signIn("nobody", "a guess", "café"));
    expect(await took(() => accounts.setPassword("made up", MAI.password))).toBeLessThan(looks / 4);
    await store.upkeep.close();
  }, 60_000);

  it("tell a stranger without a link nothing of which names there are", async () => {
    const { store, accounts } = await house();
    const told = (login: string) => accounts.accept("made up", { ...MAI, login });
    expect(await told("boss")).toEqual(await told("nobody"));
    await store.upkeep.close();
  }, 60_000);
});

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

it("leaves who is closed while she changes her password closed", async () => {
  const store = await openSqlite({ file: ":memory:" });
  const clock = systemClock();
  const vault = openVault({ key: Buffer.alloc(32, 5).toString("base64") });
  const accounts = makeAccounts({ store, clock, vault, bus: openMemoryBus() }, openMemoryLimits(clock));
  const boss = await accounts.accept((await accounts.firstLink()) ?? "", { ...MAI, login: "boss" });
  if (!boss.ok) throw new Error(boss.code);
  const made = await accounts.invite(boss.staff, ["counsellor"]);
  const mai = await accounts.accept(made.ok ? made.token : "", MAI);
  if (!mai.ok) throw new Error(mai.code);
  // A password takes long enough to be worked out that an administrator can press "close" meanwhile.
  const changing = accounts.changePassword(mai.staff, MAI.password, "another long password");
  await store.staff.byId(mai.staff.id);
  await accounts.change(boss.staff, mai.staff.id, { disabled: true });
  expect(await changing).toMatchObject({ ok: false });
  expect(await store.staff.byId(mai.staff.id)).toMatchObject({ disabled: true });
  expect((await accounts.signIn("mai", "another long password", "home")).ok).toBe(false);
  await store.upkeep.close();
});
