/** What is published comes into force when it can be searched at once, and never out of its order. */

import { copyFileSync, cpSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { fileSources } from "../../bot/adapters/files/sources.ts";
import { systemClock } from "../../bot/adapters/system.ts";
import { openLibrary } from "../../bot/app/library-live.ts";
import type { Indexes } from "../../bot/ports/indexes.ts";
import type { Revision, Store } from "../../bot/ports/store.ts";

const root = join(import.meta.dirname, "..", "..");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A store of what is published, and nothing else. */
function contentStore() {
  let edition = 1;
  const published = new Map<
    string,
    { kind: string; key: string; source: string; by: string; number: number }
  >();
  const content = {
    newestBuild: async () => null,
    edition: async () => edition,
    published: async () => ({ edition, revisions: [...published.values()] as unknown as Revision[] }),
    history: async () => [],
    bring: async (text: { kind: string; key: string; source: string; by: string }) => {
      published.set(`${text.kind}:${text.key}`, { ...text, number: 1 });
      return true;
    },
  };
  return {
    store: { content } as unknown as Store,
    publish(kind: string, key: string, change: (source: string) => string) {
      const now = published.get(`${kind}:${key}`);
      if (!now) throw new Error(`${key} is not there`);
      published.set(`${kind}:${key}`, {
        ...now,
        by: "mai",
        source: change(now.source),
        number: now.number + 1,
      });
      edition += 1;
    },
  };
}

/** Indexes that are ready when the test says so. */
function slowIndexes() {
  const waiting: ((ready: boolean) => void)[] = [];
  let holds = false;
  let lookedFor = 0;
  const indexes: Indexes = {
    nameOf: ({ texts }) => JSON.stringify(texts.articles.map(({ title }) => title)),
    kept: () => {
      lookedFor++;
      return undefined;
    },
    prepare: () => (holds ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(true)),
  };
  return {
    indexes,
    hold: () => {
      holds = true;
    },
    /** Lets the oldest of those that wait go on, and nobody wait from now on. */
    release(n: number, made = true) {
      holds = false;
      waiting.splice(n, 1)[0]?.(made);
    },
    waiting: () => waiting.length,
    lookedFor: () => lookedFor,
  };
}

async function opened(change: (folder: string) => void = () => {}) {
  const work = mkdtempSync(join(tmpdir(), "library-"));
  folders.push(work);
  cpSync(join(root, "flows"), join(work, "flows"), { recursive: true });
  cpSync(join(root, "knowledge"), join(work, "knowledge"), { recursive: true });
  change(work);
  const { store, publish } = contentStore();
  const { indexes, ...slow } = slowIndexes();
  const time = { now: Date.now() };
  const logged: string[] = [];
  const faults: string[] = [];
  const library = await openLibrary({
    build: "1.0.0",
    sources: fileSources(join(work, "flows"), join(work, "knowledge")),
    cache: { get: () => undefined, put() {}, close() {} },
    indexes,
    store,
    clock: { ...systemClock(), now: () => time.now },
    log: (_, event, facts) => {
      logged.push(event);
      if (event === "content_problem") faults.push(`${facts?.file}: ${facts?.problem}`);
    },
  });
  const [first] = [...library.base().articles.keys()];
  const title = () => library.base().articles.get(first ?? "")?.title.en;
  const retitle = (to: string) =>
    publish("article", first ?? "", (source) => source.replace(/en: .*/, `en: ${to}`));
  return { library, slow, logged, faults, title, retitle, time };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

it("answers from what was in force until the index of what comes is there", async () => {
  const { library, slow, title, retitle } = await opened();
  const before = title();
  retitle("The second");
  slow.hold();
  const refreshed = library.refresh();
  while (slow.waiting() === 0) await soon();
  expect(title()).toBe(before);
  slow.release(0);
  await refreshed;
  expect(title()).toBe("The second");
});

it("lets no earlier edition come into force after a later one", async () => {
  const { library, slow, title, retitle } = await opened();
  retitle("The second");
  slow.hold();
  const second = library.refresh();
  while (slow.waiting() < 1) await soon();
  retitle("The third");
  const third = library.refresh();
  while (slow.waiting() < 2) await soon();
  slow.release(1);
  await third;
  expect(title()).toBe("The third");
  slow.release(0);
  await second;
  expect(title()).toBe("The third");
});

it("takes over what could not be indexed beside, and says so", async () => {
  const { library, slow, logged, title, retitle, time } = await opened();
  retitle("The second");
  slow.hold();
  const refreshed = library.refresh();
  while (slow.waiting() === 0) await soon();
  slow.release(0, false);
  await refreshed;
  expect(title()).toBe("The second");
  expect(logged).toContain("index_not_made");
  const asked = { text: "chồng đánh tôi thì gọi ai", lang: "vi", limit: 3 } as const;
  expect(library.base().search(asked).hits).toHaveLength(3);

  // Tried again, but not all the time; then the lesser one goes.
  const looked = slow.lookedFor();
  await library.refresh();
  library.base().search(asked);
  expect(slow.lookedFor()).toBe(looked);
  time.now += 60_000;
  await library.refresh();
  library.base().search(asked);
  expect(slow.lookedFor()).toBe(looked + 1);
});

it("lets a start go on without its index when that takes too long, and uses it when it comes", async () => {
  const { library, slow, logged } = await opened();
  slow.hold();
  await library.prepare(30);
  expect(logged).toContain("index_late");
  const asked = { text: "ly hôn thì con ở với ai", lang: "vi", limit: 3 } as const;
  // Meanwhile nobody waits: places are found, passages are not.
  expect(library.base().search(asked)).toMatchObject({ answered: false, hits: [] });
  const place = library.base().search({ ...asked, text: "số điện thoại nhà tạm lánh ở hà nội" });
  expect(place).toMatchObject({ answered: true, hits: [{ id: expect.stringMatching(/^service:/) }, {}, {}] });
  const looked = slow.lookedFor();
  while (slow.waiting() > 0) {
    slow.release(0);
    await soon();
  }
  expect(library.base().search(asked).hits).toHaveLength(3);
  expect(slow.lookedFor()).toBe(looked + 1);
});

it("has an index made again that turns out to be damaged, and says so", async () => {
  const { library, slow, logged, time } = await opened();
  await library.prepare();
  const asked = { text: "chồng đánh tôi thì gọi ai", lang: "vi", limit: 3 } as const;
  // It was said to be there, and cannot be read.
  library.base().search(asked);
  await library.refresh();
  expect(logged).toContain("index_lost");
  slow.hold();
  await library.refresh();
  expect(slow.waiting()).toBe(0);
  time.now += 60_000;
  const refreshed = library.refresh();
  while (slow.waiting() === 0) await soon();
  slow.release(0);
  await refreshed;
  const looked = slow.lookedFor();
  library.base().search(asked);
  expect(slow.lookedFor()).toBe(looked + 1);
});

it("says at the start that what words mean cannot be used, and answers without it", async () => {
  const { library, faults } = await opened((folder) => {
    const search = join(folder, "knowledge", "search");
    copyFileSync(join(search, "meaning.json"), join(search, "meaning-en.json"));
    truncateSync(join(search, "meaning.json"), 2_000);
  });
  const of = (file: string) => faults.filter((fault) => fault.startsWith(`knowledge/search/${file}: `));
  for (const file of ["meaning.json", "meaning-en.json"])
    expect(of(file)).toEqual([expect.stringContaining("run npm run knowledge:learn")]);
  const asked = { text: "chồng đánh tôi thì gọi ai", lang: "vi", limit: 3 } as const;
  expect(library.base().search(asked).hits).toHaveLength(3);
  expect((await opened()).faults.filter((fault) => fault.includes("meaning"))).toEqual([]);
});
