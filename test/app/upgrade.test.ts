/** Another build takes over: from a backup of each tagged build, and beside the last one on one PostgreSQL. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configFrom } from "../../bot/config.ts";
import { maintain } from "../../bot/tools/maintain.ts";
import { sure } from "../contracts/store-scene.ts";
import { ENDED_AT, installations, MASTER_KEY, PEOPLE } from "../fixtures/installation.ts";
import { Visitor } from "../machines.ts";
import type { SeenMessage } from "../peers/bot-api/control.ts";
import { BotApiControl, type BotApiPerson } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, startService } from "../running.ts";
import { freePort, postgresMissing, type Server, startPostgres } from "../servers.ts";
import { type Bench, MINUTE, openBench } from "./service.ts";

const root = join(import.meta.dirname, "..", "..");
const missing = postgresMissing();
if (missing) console.warn(`skipped: ${missing}`);

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ben-an-upgrade-"));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

async function sql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query(text)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

// ── what an earlier build left ─────────────────────────────────────────────────────────────────────────────

/** Restores the backup with this build and lets everybody in it go on. */
async function goOn(file: string, place: Record<string, string>): Promise<void> {
  const peer = await startBotApi({ port: 0 });
  const env = {
    DATA_DIR: folder(),
    MASTER_KEY,
    TELEGRAM_BOT_TOKEN: peer.token,
    TELEGRAM_API_ROOT: peer.url,
    ...place,
  };
  const config = configFrom(env);
  if (!config.ok) throw new Error(config.faults.join());
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const code = await maintain(config.config, "restore", [file], { say, complain: say });
  expect(code, said.join("\n")).toBe(0);

  const control = new BotApiControl(peer.url);
  // They have the addresses that are in the backup.
  const phones = {} as Record<"inDanger" | "beginning" | "unheard", BotApiPerson>;
  for (const who of ["inDanger", "beginning", "unheard"] as const) {
    phones[who] = await control.person();
    expect(phones[who].address).toBe(PEOPLE[who]);
    await phones[who].start();
  }
  const bench = await openBench(ENDED_AT + MINUTE, { env });
  try {
    await everybodyGoesOn(bench, phones);
  } finally {
    await bench.close();
    await peer.close();
  }
}

async function everybodyGoesOn(
  bench: Bench,
  phones: Record<"inDanger" | "beginning" | "unheard", BotApiPerson>,
): Promise<void> {
  const seen = async (phone: BotApiPerson) =>
    (await phone.history()).filter((m) => m.from === "bot").map((m) => m.text);
  const last = async (address: string) => (await bench.lines(address)).at(-1);

  // What was decided and not delivered goes out: a safety text as it is; of the rest nobody knows whether it arrived.
  await bench.settle();
  expect(await seen(phones.inDanger)).toEqual([expect.stringMatching(/113/)]);
  expect(await seen(phones.beginning)).toEqual([expect.stringMatching(/Có thể một tin/)]);
  await bench.says(PEOPLE.beginning, "tiếp", "telegram");
  expect((await seen(phones.beginning)).at(-1)).toMatch(/an toàn không\?/);
  // What had got its 200 is answered.
  expect(await seen(phones.unheard)).toEqual([expect.stringMatching(/an toàn không\?/)]);

  // The next question of the same flow, and the answer to the last one counts.
  expect((await last(PEOPLE.answering))?.text).toMatch(/bóp cổ/);
  await bench.says(PEOPLE.answering, "không");
  expect(await last(PEOPLE.answering)).toMatchObject({ from: "bot", text: expect.stringMatching(/dao/) });
  expect((await bench.lines(PEOPLE.answering)).filter((l) => l.from === "person").map((l) => l.text)).toEqual(
    ["alo", "có", "1", "không phải bây giờ", "không"],
  );

  // Every case is where it was.
  const listed = await bench.services.desk.list(bench.staff, ["waiting", "claimed"]);
  if (!listed.ok) throw new Error(listed.message);
  expect(listed.cases.map(({ level, state, channel }) => [level, state, channel])).toEqual([
    ["emergency", "waiting", "telegram"],
    ["high", "waiting", "web"],
    ["none", "claimed", "web"],
  ]);
  const [, waiting, claimed] = listed.cases;

  // The timer that the earlier build set fires: she is told, and called for again.
  const before = (await bench.lines(PEOPLE.waiting)).length;
  bench.pass(10 * MINUTE);
  await bench.settle();
  const told = (await bench.lines(PEOPLE.waiting)).slice(before);
  expect(told.map((l) => l.text)).toEqual([expect.stringMatching(/lúc này chưa có ai trực/)]);

  expect((await bench.services.desk.claim(bench.staff, sure(waiting).id)).ok).toBe(true);
  await bench.settle();
  expect((await last(PEOPLE.waiting))?.text).toMatch(/Mai đã vào/);

  await bench.says(PEOPLE.claimed, "chị còn đó không");
  expect((await bench.services.desk.reply(bench.staff, sure(claimed).id, "Mình đây.", "reply-0002")).ok).toBe(
    true,
  );
  await bench.settle();
  const opened = await bench.services.desk.lines(bench.staff, sure(claimed).id, 0);
  if (!opened.ok) throw new Error(opened.message);
  expect(opened.lines.slice(-4).map((l) => l.text)).toEqual([
    "Chào bạn, mình là Mai.",
    "em đang ở nhà",
    "chị còn đó không",
    "Mình đây.",
  ]);
  expect(await last(PEOPLE.claimed)).toMatchObject({ from: "counsellor", text: "Mình đây." });
}

it("has a backup of a tagged build to go on from", () => {
  expect(installations()).not.toEqual([]);
});

for (const file of installations())
  it(`goes on with this build on SQLite (${basename(file)})`, () => goOn(file, {}), 60_000);

describe.skipIf(missing)("with PostgreSQL", () => {
  let server: Server;
  let n = 0;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.end());
  beforeEach(async () => {
    n += 1;
    await sql(server.url, `create database d${n}`);
    url = server.url.replace(/bot$/, `d${n}`);
  });

  for (const file of installations())
    it(`goes on with this build (${basename(file)})`, () => goOn(file, { DATABASE_URL: url }), 60_000);

  it("the last build and this one start at once on an empty database, and one conversation goes across", async () => {
    const previous = buildBefore();
    const peer = await startBotApi({ port: 0 });
    const publicUrl = `http://127.0.0.1:${await freePort()}`;
    const env = {
      DATABASE_URL: url,
      MASTER_KEY,
      PUBLIC_URL: publicUrl,
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      LOG_LEVEL: "error",
    };
    const processes: Running[] = [];
    const running = (one: Running) => {
      processes.push(one);
      return one;
    };
    try {
      let [old, ours] = await Promise.all([
        startService(env, folder(), previous).then(running),
        startService(env, folder()).then(running),
      ]);
      const done = await sql(url, "select number from migrations order by number");
      expect(done.map((row) => row.number)).toEqual(done.map((_, i) => i + 1));

      const person = await new BotApiControl(peer.url).person({ language: "vi" });
      await person.start();
      await person.waitFor(/an toàn không\?/, 15_000);
      // From here on one of the two is away at a time: what each decides, the other has to read.
      await ours.kill("SIGTERM");
      await person.tap("Có, nói được");
      await person.waitFor(/gần với bạn nhất/, 15_000);
      await person.tap("Tôi đang bị tổn thương");
      await person.waitFor(/Ngay lúc này/, 15_000);
      ours = running(await ours.again());
      expect(await old.kill("SIGTERM")).toBe(0);
      await person.write("không phải bây giờ");
      await person.waitFor(/bóp cổ/, 15_000);
      old = running(await old.again());
      expect(await ours.kill("SIGTERM")).toBe(0);
      await person.write("không");
      await person.waitFor(/dao/, 15_000);
      await person.write("gọi người thật");
      await person.waitFor(/tư vấn viên/, 15_000);

      const staff = new Visitor(publicUrl);
      const who = { token: old.invite, login: "quanly", alias: "Mai", password: "mat-khau-thu-nghiem" };
      expect((await staff.post(old.url, "/api/staff/accept", who)).status).toBe(200);
      const listed = await staff.get(old.url, "/api/desk/cases?states=waiting,claimed");
      const [mine, ...others] = listed.body.cases as { id: string; state: string }[];
      expect([mine?.state, others]).toEqual(["waiting", []]);
      expect((await staff.post(old.url, `/api/desk/cases/${mine?.id}/claim`)).status).toBe(200);
      await person.waitFor(/Mai đã vào/, 15_000);

      // The last old one dies in the middle of everything.
      ours = running(await ours.again());
      await old.kill("SIGKILL");
      const reply = { text: "Mình là Mai.", key: "reply-0001" };
      expect((await staff.post(ours.url, `/api/desk/cases/${mine?.id}/reply`, reply)).status).toBe(200);
      await person.waitFor(/^Mình là Mai\.$/, 20_000);
      await person.write("em đang ở nhà");
      const closing = { outcome: "supported", note: "" };
      expect((await staff.post(ours.url, `/api/desk/cases/${mine?.id}/close`, closing)).status).toBe(200);
      await person.waitFor(/rời/, 15_000);
    } finally {
      await Promise.all(processes.map((one) => one.remove()));
      await peer.close();
    }
  }, 120_000);

  it("what the last build offered opens here, and what this one offers is answered there", async () => {
    const previous = buildBefore();
    const peer = await startBotApi({ port: 0 });
    const env = {
      DATABASE_URL: url,
      MASTER_KEY,
      PUBLIC_URL: `http://127.0.0.1:${await freePort()}`,
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      LOG_LEVEL: "error",
    };
    const processes: Running[] = [];
    try {
      let service = await startService(env, folder(), previous);
      processes.push(service);
      const person = await new BotApiControl(peer.url).person({ language: "vi" });
      const answer = await asksFirst(person, "ly hôn thì con ở với ai");
      const [offered = "no button"] = labelsOf(answer);
      expect(await service.kill("SIGTERM")).toBe(0);

      service = await startService(env, folder());
      processes.push(service);
      await person.tap(offered);
      const opened = await person.waitFor(
        ({ text }) => /Nguồn:/.test(text) && !/Tòa mới quyết/.test(text),
        15_000,
      );
      expect(opened.text).toMatch(/^Đây là điều bạn hỏi/);
      // Somebody else is offered another part of the article that answers her.
      const other = await new BotApiControl(peer.url).person({ language: "vi" });
      const shelters = await asksFirst(other, "nhà tạm lánh là gì");
      const part = shelters.buttons.find((b) => /^a:[^#]+#/.test(b.callback_data ?? ""))?.text ?? "no part";
      expect(await service.kill("SIGTERM")).toBe(0);

      service = await startService(env, folder(), previous);
      processes.push(service);
      // A build that knows no parts says that it has no answer, and offers a human: she isn't left without a word.
      await other.tap(part);
      const then = await other.waitFor(
        ({ text }) => text !== shelters.text && /Nguồn:|chưa có câu trả lời/.test(text),
        15_000,
      );
      if (!/Nguồn:/.test(then.text)) expect(labelsOf(then)).toContain("Gọi người thật");
    } finally {
      await Promise.all(processes.map((one) => one.remove()));
      await peer.close();
    }
  }, 120_000);
});

/** Her first words, and the answer to what she only wants to ask. */
async function asksFirst(person: BotApiPerson, question: string): Promise<SeenMessage> {
  await person.start();
  await person.waitFor(/an toàn không\?/, 15_000);
  await person.tap("Có, nói được");
  await person.waitFor(/gần với bạn nhất/, 15_000);
  await person.tap("Tôi chỉ muốn hỏi");
  await person.waitFor(/hỏi bằng lời của mình/, 15_000);
  await person.write(question);
  return person.waitFor(/Nguồn:/, 15_000);
}

function labelsOf({ buttons }: SeenMessage): string[] {
  return buttons.map((b) => b.text);
}

/**
 * The newest tagged build in a folder of its own, with our packages. A clone may come without tags: then it is the last
 * commit of the version before this one, and in a clone without history the commit that is here.
 */
function buildBefore(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const made = folder();
  try {
    const [changed = ""] = git("log", "-G", '"version":', "--format=%H %P", "--", "package.json").split("\n");
    const build =
      git("tag", "--list", "--sort=-creatordate", "--merged", "HEAD").split("\n")[0] ||
      changed.split(" ")[1] ||
      git("rev-parse", "HEAD");
    git("archive", "--format=tar", `--output=${join(made, "build.tar")}`, build);
  } catch (error) {
    expect.fail(
      `the build before this one is in the git history, and that cannot be read here: ${String(error)}`,
    );
  }
  execFileSync("tar", ["-xf", "build.tar"], { cwd: made });
  symlinkSync(join(root, "node_modules"), join(made, "node_modules"));
  // It would be built at the start, and is not looked at.
  mkdirSync(join(made, "dist", "console"), { recursive: true });
  writeFileSync(join(made, "dist", "console", "index.html"), "<!doctype html><title>x</title>");
  return made;
}
