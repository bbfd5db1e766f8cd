/** The running service as somebody with the disk, the logs and even the master key would read it. */

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { cli } from "../machines.ts";
import { BotApiControl, type BotApiPerson } from "../peers/bot-api/person.ts";
import { startBotApi } from "../peers/bot-api/server.ts";
import { type Running, StaffClient, startService } from "../running.ts";
import { freePort, postgresMissing, startPostgres } from "../servers.ts";

/** Nobody else writes these; marks and capitals as a person would. */
const WORDS = ["zuyvenkhat", "Quorbimđạt", "hướngxưaplix", "mậtkhẩuvorn", "báođộngzeph"];
const NOTE = "ghichúkrylon";
/** Long enough never to be found by chance; half of the shortest value, so that a page's end in one leaves the other. */
const PIECE = 16;
const REPLY = "lờiđápmunthe";

type Row = Record<string, string | Uint8Array>;

/** A store as somebody who has its disk sees it. */
interface Disk {
  readonly env: Record<string, string>;
  /** Every byte that was written since the service began, but the master key. */
  bytes(dataDir: string): Buffer;
  rows(dataDir: string, sql: string): Promise<Row[]>;
  /** The text of a column as bytes. */
  readonly asBytes: (column: string) => string;
  /** What of hers may still lie there once she is forgotten, as dead rows that nothing opens. */
  readonly leavesUnreadable: boolean;
  end(): Promise<void>;
}

const missing = postgresMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.each([
  ["SQLite", sqliteDisk, false],
  ["PostgreSQL", postgresDisk, missing !== null],
] as const)("what the disk of %s tells", (_, openDisk, isMissing) => {
  if (isMissing) return void it.skip("is not installed");
  let disk: Disk;
  let peer: Awaited<ReturnType<typeof startBotApi>>;
  let service: Running;
  let staff: StaffClient;
  let person: BotApiPerson;

  beforeAll(async () => {
    peer = await startBotApi({ port: 0 });
    const port = String(await freePort());
    disk = await openDisk();
    const dataDir = mkdtempSync(join(tmpdir(), "ben-an-forensics-"));
    if (disk.env.DATABASE_URL) cli(["keys", "create"], { DATA_DIR: dataDir });
    const given = {
      ...disk.env,
      PORT: port,
      LOG_LEVEL: "debug",
      TELEGRAM_BOT_TOKEN: peer.token,
      TELEGRAM_API_ROOT: peer.url,
      TELEGRAM_WEBHOOK_SECRET: "a-secret-of-the-test",
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    service = await startService(given, dataDir);
    staff = await StaffClient.first(service);
    person = await new BotApiControl(peer.url).person();
  }, 90_000);
  afterAll(async () => {
    await service?.remove();
    await disk?.end();
    await peer?.close();
  });

  it("is nothing before she is forgotten, and nothing ever after, not even with the key", async () => {
    const caseId = await tellEverything();
    const needles = [...WORDS, NOTE, REPLY, person.address];
    expect(clear(needles)).toEqual([]);

    // All that is sealed for her, as the disk holds it now.
    const before = await sealedOf(disk, service.dataDir);
    expect(before.map((b) => b.what)).toEqual(
      expect.arrayContaining(["key", "address", "message", "state", "event", "note"]),
    );
    // Questions stand there as text, and are looked at by opening them below.
    const asBytes = before.filter((b) => b.what !== "question");
    expect(present(asBytes)).toHaveLength(asBytes.length);
    expect(before.filter((b) => b.what === "question" && opens(before, b))).toHaveLength(2);
    expect(before.filter((b) => opens(before, b)).length).toBeGreaterThan(10);

    await person.write("xóa hết");
    await person.waitFor(/Xóa hết lời bạn đã viết/);
    await person.tap("Xóa hết");
    await person.waitFor(/Mã nhận/);
    await expect.poll(() => present(before.filter((b) => b.what === "key")), { timeout: 20_000 }).toEqual([]);

    expect(clear(needles)).toEqual([]);
    // Not one ciphertext, key, address or pseudonym of hers is left in the database, its log or its free pages. A server
    // keeps dead rows for a while: they are nothing without the key, and that is gone from its log, too.
    if (!disk.leavesUnreadable) expect(present(asBytes)).toEqual([]);
    // What is left of her questions cannot be opened: there is no key for it any more.
    const after = await sealedOf(disk, service.dataDir);
    expect(after.filter((b) => b.what === "question" && opens(after, b))).toEqual([]);

    const file = await staff.get<{
      file: { personLeft: boolean; reasons: unknown[]; notes: unknown[]; answers: unknown[] };
    }>(`/api/desk/cases/${caseId}`);
    expect(file.file ?? file).toMatchObject({ personLeft: true, reasons: [], notes: [], answers: [] });
    expect(JSON.stringify(await staff.get(`/api/desk/cases/${caseId}/lines`))).not.toContain(WORDS[0]);
  }, 90_000);

  /** Disclosure, questions without an answer, her own words, hours, a case with a note and a reply. */
  async function tellEverything(): Promise<string> {
    await staff.post("/api/desk/duty", { on: true });
    await person.start();
    await person.waitFor(/an toàn không\?/);
    await person.tap("Có, nói được");
    await person.waitFor(/Điều nào gần/);
    await person.tap("Tôi chỉ muốn hỏi");
    await person.waitFor(/bằng lời của mình/);
    await person.write(`${WORDS[0]} là gì`);
    await person.waitFor(/chưa có câu trả lời/);
    await person.write(`em hỏi ${WORDS[1]} với ${WORDS[2]}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await person.write("từ riêng");
    await person.waitFor(/đặt một từ riêng/);
    await person.tap("Đặt từ riêng");
    await person.waitFor(/gõ từ đó/);
    await person.write(WORDS[3] ?? "");
    await person.waitFor(/từ báo động không/);
    await person.tap("Đặt từ báo động");
    await person.waitFor(/gõ từ báo động/);
    await person.write(WORDS[4] ?? "");
    await person.waitFor(/Muốn đổi lúc nào/);
    await person.write("gọi người thật");
    await person.waitFor(/Mình đã gọi tư vấn viên/);
    const [waiting] = await staff.cases();
    const id = waiting?.id ?? "";
    await staff.post(`/api/desk/cases/${id}/claim`);
    await staff.post(`/api/desk/cases/${id}/note`, { text: NOTE });
    await staff.post(`/api/desk/cases/${id}/reply`, { text: REPLY, key: "reply-0001" });
    await person.waitFor(new RegExp(REPLY));
    const lines = JSON.stringify(await staff.get(`/api/desk/cases/${id}/lines`));
    expect(lines).toContain(WORDS[0]);
    expect(lines).not.toContain(WORDS[3]);
    expect(lines).not.toContain(WORDS[4]);
    await staff.post(`/api/desk/cases/${id}/release`);
    return id;
  }

  /** Needles that stand in a file of the data folder or in the log, in any writing that a program would use. */
  function clear(needles: readonly string[]): string[] {
    const bytes = disk.bytes(service.dataDir);
    const log = Buffer.from(service.output());
    return needles.filter((n) => writings(n).some((w) => bytes.includes(w) || log.includes(w)));
  }

  function present(sealed: readonly Sealed[]): string[] {
    const bytes = disk.bytes(service.dataDir);
    return sealed
      .filter((s) => piecesOf(s.bytes).some((p) => bytes.includes(p)))
      .map((s) => `${s.what} ${s.id}`);
  }

  function opens(all: readonly Sealed[], one: Sealed): boolean {
    const vault = openVault({ file: join(service.dataDir, "master.key") });
    return all
      .filter((k) => k.what === "key")
      .some((key) => {
        try {
          vault.open(key.bytes, one.context, one.bytes);
          return true;
        } catch {
          return false;
        }
      });
  }
});

function writings(needle: string): Buffer[] {
  const forms = [
    needle,
    needle.normalize("NFD"),
    needle.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").toLowerCase(),
  ];
  return forms.flatMap((form) => [
    Buffer.from(form),
    Buffer.from(form, "utf16le"),
    Buffer.from(Buffer.from(form).toString("hex")),
    // A word inside a longer base64 text stands in it in one of three shifts.
    ...[0, 1, 2].map((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(form)])
        .toString("base64")
        .replace(/=+$/, "");
      return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, -1));
    }),
  ]);
}

/** A large value lies in pieces on several pages: each piece counts. */
function piecesOf(bytes: Uint8Array): Buffer[] {
  const whole = Buffer.from(bytes);
  const pieces: Buffer[] = [];
  for (let at = 0; at === 0 || at + PIECE <= whole.length; at += PIECE)
    pieces.push(whole.subarray(at, at + PIECE));
  return pieces;
}

/** The data folder but the master key: database, -wal, -shm, free pages. */
async function sqliteDisk(): Promise<Disk> {
  return {
    env: {},
    leavesUnreadable: false,
    asBytes: (column) => `cast(${column} as blob)`,
    bytes: (folder) =>
      Buffer.concat(
        readdirSync(folder)
          .filter((f) => f !== "master.key")
          .map((f) => readFileSync(join(folder, f))),
      ),
    // From a copy, so that the running service is not touched.
    async rows(folder, sql) {
      const copy = mkdtempSync(join(tmpdir(), "ben-an-copy-"));
      for (const file of readdirSync(folder))
        if (file.startsWith("ben-an.sqlite")) copyFileSync(join(folder, file), join(copy, file));
      const db = new DatabaseSync(join(copy, "ben-an.sqlite"));
      try {
        return db.prepare(sql).all() as Row[];
      } finally {
        db.close();
        rmSync(copy, { recursive: true, force: true });
      }
    },
    end: async () => {},
  };
}

/** A server set as deploy/README.md says: all its files, also the log and what was deleted but not overwritten. */
async function postgresDisk(): Promise<Disk> {
  const server = await startPostgres({ settings: ["wal_recycle=off"] });
  const since = Date.now();
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const place = join(folder, entry.name);
      if (entry.isDirectory()) return files(place);
      return entry.isFile() ? [place] : [];
    });
  return {
    env: { DATABASE_URL: server.url },
    leavesUnreadable: true,
    asBytes: (column) => `convert_to(${column}, 'UTF8')`,
    bytes: () =>
      Buffer.concat(
        files(server.folder).flatMap((file) => {
          try {
            return statSync(file).mtimeMs >= since ? [readFileSync(file)] : [];
          } catch {
            // The server takes files away while we read.
            return [];
          }
        }),
      ),
    async rows(_, sql) {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      return (await client.query(sql).finally(() => client.end())).rows as Row[];
    },
    end: () => server.end(),
  };
}

interface Sealed {
  readonly what: string;
  readonly id: string;
  readonly context: string;
  readonly bytes: Uint8Array;
}

/** All ciphertexts of the Telegram conversation. */
async function sealedOf(disk: Disk, folder: string): Promise<Sealed[]> {
  const found = async (what: string, sql: string) =>
    (await disk.rows(folder, sql)).map((r) => ({
      what,
      id: String(r.id),
      context: `${what}:${r.id}`,
      bytes: r.sealed as Uint8Array,
    }));
  const all = await Promise.all([
    found("key", "select conversation_id as id, wrapped_key as sealed from keys"),
    found(
      "address",
      "select id, sealed_address as sealed from conversations where sealed_address is not null",
    ),
    found(
      "pseudonym",
      `select id, ${disk.asBytes("pseudonym")} as sealed from conversations where pseudonym is not null`,
    ),
    found("message", "select id, sealed from messages"),
    found(
      "ref",
      "select conversation_id as id, sealed_ref as sealed from messages where sealed_ref is not null",
    ),
    found("state", "select conversation_id as id, sealed from states"),
    found("event", "select id, sealed from events"),
    found("note", "select id, sealed from case_notes"),
    found("reasons", "select id, sealed_reasons as sealed from cases where sealed_reasons is not null"),
    disk.rows(folder, "select question from unanswered").then((rows) =>
      rows.flatMap((r) => {
        // The question, and what was shown for it.
        const [id = "", ...sealed] = String(r.question).split(" ");
        return sealed.map((one) => ({
          what: "question",
          id,
          context: `question:${id}`,
          bytes: Buffer.from(one, "base64url"),
        }));
      }),
    ),
  ]);
  return all.flat().filter((s) => s.bytes.length > 0);
}
