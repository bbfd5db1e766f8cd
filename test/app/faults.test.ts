/** What goes wrong inside: one conversation, one file; the rest goes on and nobody is left without a word. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { envelope } from "../../bot/app/contexts.ts";
import type { Staff } from "../../bot/app/services.ts";
import { assemble } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { CaseId, StaffId } from "../../bot/core/ids.ts";
import type { State } from "../../bot/core/state.ts";
import { startZaloOa, zaloOaSettings } from "../peers/zalo-oa/server.ts";
import { openBench } from "./service.ts";

const root = join(import.meta.dirname, "..", "..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("an exception inside one conversation", () => {
  it("touches no other, and that person gets the numbers to call", async () => {
    const bench = await openBench();
    const base = bench.parts.library.base();
    const { ear } = base;
    Object.assign(base, {
      ear: (text: string, before?: readonly string[]) => {
        if (text.includes("làm hỏng")) throw new Error("a bug of ours");
        return ear(text, before);
      },
    });
    await bench.says("a".repeat(32), "alo");
    await bench.put("a".repeat(32), "làm hỏng");
    await bench.put("b".repeat(32), "alo");
    await bench.settle();
    const broken = await bench.lines("a".repeat(32));
    expect(broken.at(-1)?.text).toMatch(/113[\s\S]*115/);
    expect((await bench.lines("b".repeat(32))).at(-1)?.text).toContain("an toàn không?");
    await bench.says("a".repeat(32), "có");
    expect((await bench.lines("a".repeat(32))).at(-1)?.text).toContain("Điều nào gần");
    await bench.close();
  });
});

it("brings a counsellor's words to her though her state cannot be read, and leaves the talk to them", async () => {
  const HER = "a".repeat(32);
  const bench = await openBench();
  const { desk } = bench.services;
  await bench.says(HER, "nó đang cầm dao ngoài cửa");
  const listed = await desk.list(bench.staff, ["waiting"]);
  const id = (listed.ok && listed.cases[0]?.id) as CaseId;
  await desk.claim(bench.staff, id);
  await bench.settle();
  const { vault } = bench.parts;
  const open = vault.open.bind(vault);
  vault.open = (key, context, sealed) => {
    if (context.startsWith("state:")) throw new Error("spoilt");
    return open(key, context, sealed);
  };
  await desk.reply(bench.staff, id, "Em ra cửa sau được không?", "key-of-a-reply");
  await bench.settle();
  vault.open = open;
  // After what was said before is lost nobody knows whether she is there: a harmless line stands above.
  expect((await bench.lines(HER)).at(-1)?.text).toMatch(/Em ra cửa sau được không\?$/);
  const before = (await bench.lines(HER)).length;
  await bench.says(HER, "dạ được");
  expect(await bench.lines(HER)).toHaveLength(before + 1);
  await bench.close();
});

describe("an exception behind the ear", () => {
  const HER = "a".repeat(32);

  it("loses none of her words, and danger in them calls the desk", async () => {
    const bench = await openBench();
    for (const words of ["alo", "có"]) await bench.says(HER, words);
    const base = bench.parts.library.base();
    const { flows, settings } = base;
    const broken = new Map(flows);
    broken.get = (id) => {
      if (id === settings.flows.emergency) throw new Error("a bug of ours");
      return flows.get(id);
    };
    Object.assign(base, { flows: broken });
    await bench.says(HER, "nó đang cầm dao ngoài cửa");
    const lines = (await bench.lines(HER)).slice(-2);
    expect(lines[0]).toEqual({ from: "person", text: "nó đang cầm dao ngoài cửa" });
    expect(lines[1]?.text).toMatch(/113[\s\S]*115/);
    const cases = await bench.parts.store.cases.list({ states: ["waiting"], limit: 9 });
    expect(cases.map((c) => c.level)).toEqual(["emergency"]);
    await bench.close();
  });

  it("that comes with every event of a conversation stops no later one: she gets the numbers each time", async () => {
    const bench = await openBench();
    const { store, vault, clock } = bench.parts;
    await bench.says(HER, "alo");
    await bench.put(HER, "một câu");
    const ask = { owner: "test", now: clock.now(), forMs: 1_000, limit: 1, eventsEach: 1 };
    const [turn] = await store.conversations.lease(ask);
    if (!turn?.sealedState) throw new Error("nothing to spoil");
    const { state } = envelope(vault, turn.wrappedKey);
    const spoilt = { ...state.open(turn.id, turn.sealedState), frames: null } as unknown as State;
    await store.conversations.commit({
      conversationId: turn.id,
      expectedVersion: turn.version,
      fence: turn.fence,
      at: clock.now(),
      handled: turn.events.map(({ id }) => id),
      sealedState: state.seal(turn.id, spoilt),
      messages: [],
      cases: [],
      setTimers: [],
      cancelTimers: [],
      wipe: false,
      counts: [],
      audit: [],
      unanswered: [],
      endSession: false,
    });
    for (const words of ["có", "có ai không"]) {
      const before = (await bench.lines(HER)).length;
      await bench.says(HER, words);
      const [said, ...more] = (await bench.lines(HER)).slice(before);
      expect(more).toEqual([]);
      expect(said?.text).toMatch(/113[\s\S]*115/);
    }
    await bench.close();
  });
});

it("starts though nothing can be found: who writes still gets the rest", async () => {
  const config = configFrom({ DATA_DIR: join(folder(), "data") });
  if (!config.ok) throw new Error(config.faults.join());
  const said: string[] = [];
  const service = await assemble(config.config, { log: (_, code) => said.push(code) });
  Object.assign(service.parts.library.base(), {
    search() {
      throw new Error("a bug of ours");
    },
  });
  await service.start();
  await expect.poll(() => said, { timeout: 5_000 }).toContain("search_not_ready");
  await service.stop();
});

it("takes in what is written where a conversation's key does not open: refused, a platform would stop calling for everybody", async () => {
  const bench = await openBench();
  const her = "b".repeat(32);
  await bench.says(her, "alo");
  const pseudonym = bench.parts.vault.pseudonym("web", her);
  const before = await bench.parts.store.conversations.find(pseudonym);
  const database = new DatabaseSync(join(bench.dataDir, "ben-an.sqlite"));
  database.exec("update keys set wrapped_key = zeroblob(length(wrapped_key))");
  database.close();
  bench.parts.heads?.drop(pseudonym);
  await bench.says(her, "nó đang cầm dao ngoài cửa");
  expect((await bench.lines(her)).at(-1)?.text).toMatch(/113[\s\S]*115/);
  const cases = await bench.parts.store.cases.list({ states: ["waiting"], limit: 9 });
  expect(cases.map((c) => c.level)).toEqual(["emergency"]);
  expect((await bench.parts.store.conversations.find(pseudonym))?.id).not.toBe(before?.id);
  await bench.close();
});

describe("a file that is wrong", () => {
  it("is named with its line; the rest starts, and the last good revision stays", async () => {
    const work = folder();
    const flows = join(work, "flows");
    const knowledge = join(work, "knowledge");
    cpSync(join(root, "flows"), flows, { recursive: true });
    cpSync(join(root, "knowledge"), knowledge, { recursive: true });
    const config = configFrom({ DATA_DIR: join(work, "data") });
    if (!config.ok) throw new Error(config.faults.join());

    const first = await assemble(config.config, { log: () => {}, flowsDir: flows, knowledgeDir: knowledge });
    const menu = first.parts.library.base().flows.get("menu");
    const articles = first.parts.library.base().articles.size;
    await first.stop();

    const file = join(flows, "menu.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("start: ask", "start: [ask"));
    writeFileSync(join(knowledge, "articles", "broken.md"), "---\nid: broken\n---\n# vi\n");
    const said: string[] = [];
    const second = await assemble(config.config, {
      log: (_, code, facts) => said.push(`${code} ${facts?.file}:${facts?.line}`),
      flowsDir: flows,
      knowledgeDir: knowledge,
    });
    expect(second.parts.library.base().flows.get("menu")).toEqual(menu);
    expect(second.parts.library.base().articles.size).toBe(articles);
    expect(said.some((l) => /^content_problem flows\/menu\.yaml:\d+$/.test(l))).toBe(true);
    expect(said.some((l) => /^content_problem knowledge\/articles\/broken\.md:\d+$/.test(l))).toBe(true);
    await second.stop();
  });

  it("that a new build brings never takes an operator's draft away: it stays, marked, and health says so", async () => {
    const work = folder();
    const flows = join(work, "flows");
    cpSync(join(root, "flows"), flows, { recursive: true });
    const config = configFrom({ DATA_DIR: join(work, "data") });
    if (!config.ok) throw new Error(config.faults.join());
    const open = () => assemble(config.config, { log: () => {}, flowsDir: flows });
    const lan: Staff = {
      id: "lan" as StaffId,
      login: "lan",
      alias: "Lan",
      roles: ["editor", "administrator"],
    };

    const before = await open();
    const menu = await before.services.editorial.open(lan, "flow", "menu");
    if (!menu.ok) throw new Error(menu.code);
    const mine = `# chưa xong\n${menu.source}`;
    const saved = await before.services.editorial.save(lan, "flow", "menu", mine, menu.number);
    expect(saved).toMatchObject({ ok: true });
    await before.stop();

    const file = join(flows, "menu.yaml");
    const theirs = `# của bản mới\n${readFileSync(file, "utf8")}`;
    writeFileSync(file, theirs);
    const { services, parts, stop } = await open();
    expect(parts.library.sources().get("flow:menu")?.source).toBe(theirs);
    const opened = await services.editorial.open(lan, "flow", "menu");
    expect(opened).toMatchObject({
      source: mine,
      state: "draft",
      isOvertaken: true,
      publishedSource: theirs,
    });
    const listed = await services.editorial.list(lan, "flow");
    expect(listed.ok && listed.items.filter((i) => i.draft?.isOvertaken).map((i) => i.key)).toEqual(["menu"]);
    const warnings = async () => (await services.health.report()).warnings.join("\n");
    expect(await warnings()).toMatch(/1 drafts are older than what is published now: flow:menu \(lan\)/);
    // What the editor opened can be published as it is, and then nothing is left to say.
    const number = opened.ok ? opened.number : 0;
    expect(await services.editorial.publish(lan, "flow", "menu", number, "")).toMatchObject({ ok: true });
    expect(parts.library.sources().get("flow:menu")?.source).toBe(mine);
    expect(await warnings()).not.toMatch(/drafts are older/);
    await stop();
  });

  it("stops the start only when nobody could be served, and says every fault", async () => {
    const work = folder();
    const flows = join(work, "flows");
    cpSync(join(root, "flows"), flows, { recursive: true });
    writeFileSync(join(flows, "settings.yaml"), "operator: nobody\n");
    rmSync(join(flows, "texts.yaml"));
    const config = configFrom({ DATA_DIR: join(work, "data") });
    if (!config.ok) throw new Error(config.faults.join());
    await expect(assemble(config.config, { log: () => {}, flowsDir: flows })).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ file: "flows/settings.yaml" }),
        expect.objectContaining({ file: "flows/texts.yaml" }),
      ]),
    });
  });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ben-an-faults-"));
  folders.push(made);
  return made;
}

it("begins anew with the consent of the settings where the kept Zalo token does not open", async () => {
  const peer = await startZaloOa();
  const bench = await openBench(Date.now(), {
    env: {
      PUBLIC_URL: "https://example.org",
      ...zaloOaSettings(peer.url),
    },
  });
  await bench.parts.store.upkeep.putSecret("zalo-oa.token", new Uint8Array(40), null);
  expect(await bench.parts.channels.get("zalo-oa")?.check()).toMatchObject({ ok: true });
  await bench.close();
  await peer.close();
});
