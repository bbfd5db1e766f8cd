/** Health: what works, what does not, and what somebody has to look at. Never a word about a person. */

import { dayInWords, dayOf } from "../core/day.ts";
import type { Bilingual, ChannelName } from "../core/message.ts";
import { readBreaches, untold } from "./breaches.ts";
import { gauges, type Meters } from "./figures.ts";
import { keyOf, SOON_DAYS } from "./library.ts";
import { OVERTAKEN } from "./library-live.ts";
import type { Parts } from "./parts.ts";
import { openRequests } from "./rights.ts";
import type { Health } from "./services.ts";
import { standingSentences } from "./watch.ts";

/** What hangs must not make health hang: who asks what is wrong wants to hear it, and a scrape gives up. */
const PATIENCE_MS = 3_000;
/** A nightly backup and half a day of grace. */
const BACKUP_LATE_MS = 36 * 3_600_000;

/** Machines whose clocks are further apart than this are told, although ours is set by the shared one. */
const CLOCK_FAR_MS = 2_000;

/** `ready` falls before the process stops taking work. */
export function makeHealth(parts: Parts, meters: Meters, version: string, isReady: () => boolean): Health {
  const { clock, library, channels } = parts;
  const collect = gauges(parts, meters, (deep) => checkStore(parts, deep));
  const checks = new Map<ChannelName, { at: number; ok: boolean; detail: string }>();
  const asking = new Map<ChannelName, Promise<{ ok: boolean; detail: string }>>();

  return {
    async report(deep = false) {
      const [db, redis] = await Promise.all([checkStore(parts, deep), parts.bus.check?.()]);
      const found = await Promise.all([...channels.values()].map((c) => checkChannel(c.name)));
      const compiled = library.compiled();
      const errors = [...library.fileProblems, ...compiled.problems].filter(
        (p) => p.severity === "error",
      ).length;
      const ahead = clock.aheadMs?.() ?? 0;
      const notices: Bilingual[] = [
        ...(Math.abs(ahead) > CLOCK_FAR_MS
          ? [
              {
                en: `this machine's clock is ${Math.round(Math.abs(ahead) / 1_000)} s ${ahead > 0 ? "ahead of" : "behind"} the database's; the database's is used. Set it right (NTP)`,
                vi: `đồng hồ máy này ${ahead > 0 ? "nhanh" : "chậm"} ${Math.round(Math.abs(ahead) / 1_000)} giây so với cơ sở dữ liệu; giờ của cơ sở dữ liệu được dùng. Hãy chỉnh lại (NTP)`,
              },
            ]
          : []),
        ...(library.newerBuild
          ? [
              {
                en: `this build is older than ${library.newerBuild}, whose texts stay in force: its own changed ones were not taken. Upgrade this machine`,
                vi: `bản chạy ở máy này cũ hơn ${library.newerBuild}; nội dung của bản mới vẫn được dùng, phần đổi của máy này không được lấy. Hãy nâng cấp máy này`,
              },
            ]
          : []),
        ...(compiled.pending > 0
          ? [
              {
                en: `${compiled.pending} articles wait for their professional review and are shown with a line that says so`,
                vi: `${compiled.pending} bài đang chờ chuyên môn đọc; mỗi bài được đưa ra kèm một dòng nói rõ điều đó`,
              },
            ]
          : []),
        ...(compiled.withdrawn.length > 0
          ? [
              {
                en: `withdrawn because their date has passed; only numbers that flows name are still given. Check them again and set a new day: ${compiled.withdrawn.join(", ")}`,
                vi: `đã rút vì quá hạn; chỉ những số mà kịch bản nêu là vẫn được đưa ra. Cần kiểm tra lại và đặt ngày mới: ${compiled.withdrawn.join(", ")}`,
              },
            ]
          : []),
        ...(compiled.runOut
          ? [
              {
                en: `${compiled.runOut.count} articles and numbers run out within ${SOON_DAYS} days, the first after ${compiled.runOut.first}: check them again and set a new day, or nobody finds them any more`,
                vi: `${compiled.runOut.count} bài và số gọi sẽ hết hạn trong ${SOON_DAYS} ngày tới, sớm nhất là sau ${dayInWords(compiled.runOut.first, "vi")}: hãy kiểm tra lại và đặt ngày mới, nếu không sẽ không ai tìm thấy nữa`,
              },
            ]
          : []),
        // Each of these asks the store: while it is away, only that is said.
        ...(db.ok ? await fromStore(parts) : []),
        ...(errors > 0
          ? [
              {
                en: `${errors} faults in flows and knowledge; see the console or \`npm run check\``,
                vi: `${errors} lỗi trong kịch bản và kiến thức; xem ở phần Nội dung hoặc chạy \`npm run check\``,
              },
            ]
          : []),
      ];
      return {
        ok: db.ok,
        ready: isReady() && db.ok,
        version,
        parts: [
          { name: "store", ok: db.ok, detail: db.detail },
          // Without Redis everything goes on, slower: it is told, but nobody is turned away for it.
          ...(redis ? [{ name: "redis", ok: redis.ok, detail: redis.detail }] : []),
          ...found,
        ],
        warnings: notices.map((n) => n.en),
        notices,
      };
    },
    async metrics() {
      // First: else what is read while the store is asked would be of the scrape before.
      await collect();
      return meters.registry.metrics();
    },
  };

  /** Platforms are asked at most once a minute: health is polled far more often. Nobody waits for one that is silent. */
  async function checkChannel(name: ChannelName): Promise<{ name: string; ok: boolean; detail: string }> {
    const last = checks.get(name);
    if (last && clock.now() - last.at < 60_000) return { name, ok: last.ok, detail: last.detail };
    const asked =
      asking.get(name) ??
      (channels.get(name)?.check() ?? Promise.resolve({ ok: false, detail: "not configured" }))
        .then((told) => {
          checks.set(name, { at: clock.now(), ...told });
          return told;
        })
        .finally(() => asking.delete(name));
    asking.set(name, asked);
    const silent = { ok: false, detail: `the platform has not answered for ${PATIENCE_MS / 1_000} s` };
    return { name, ...(await patiently(clock, asked, silent)) };
  }
}

/** The store's own word, or after some seconds that it does not answer. */
function checkStore({ store, clock }: Parts, deep: boolean) {
  const detail = `store_unavailable: the database has not answered for ${PATIENCE_MS / 1_000} s. Look at its server, its disk and its locks.`;
  return patiently(clock, store.upkeep.check(deep), { ok: false, detail, ms: PATIENCE_MS });
}

/** What is told, or `silent` when that takes too long. */
async function patiently<T>(clock: Parts["clock"], told: Promise<T>, silent: T): Promise<T> {
  let stopWaiting = () => {};
  const late = new Promise<T>((resolve) => {
    stopWaiting = clock.after(PATIENCE_MS, () => resolve(silent));
  });
  return Promise.race([told, late]).finally(() => stopWaiting());
}

/** What somebody has to look at, as the store knows it. */
async function fromStore(parts: Parts): Promise<Bilingual[]> {
  const told = [overtaken, standing, overdue, breached, notBackedUp, modelWarnings].map((ask) => ask(parts));
  return (await Promise.all(told)).flat();
}

/** An operator's words are never thrown away by an upgrade; somebody has to look at them. */
async function overtaken({ store }: Parts): Promise<Bilingual[]> {
  const drafts = (await store.content.drafts().catch(() => [])).filter((d) => d.note === OVERTAKEN);
  if (drafts.length === 0) return [];
  const names = drafts.map((d) => `${keyOf(d)} (${d.by})`).join(", ");
  return [
    {
      en: `${drafts.length} drafts are older than what is published now: ${names}; compare them in the console, then save or publish`,
      vi: `${drafts.length} bản nháp cũ hơn bản đang dùng: ${names}; hãy so sánh ở phần Nội dung rồi lưu hoặc xuất bản`,
    },
  ];
}

/** A channel that is not as it usually is. */
async function standing({ watch }: Parts): Promise<Bilingual[]> {
  const found = await watch?.standing().catch(() => null);
  return [...(found ?? [])].flatMap(([name, judgement]) => standingSentences(name, judgement));
}

/** What the law gives a day for and nobody did. */
async function overdue(parts: Parts): Promise<Bilingual[]> {
  const late = (await openRequests(parts).catch(() => [])).filter((r) => r.overdue);
  if (late.length === 0) return [];
  return [
    {
      en: `${late.length} requests on personal data are overdue (${late.map((r) => r.code).join(", ")}); see \`npm run -s cli -- requests\``,
      vi: `${late.length} yêu cầu về dữ liệu cá nhân đã quá hạn (${late.map((r) => r.code).join(", ")}); xem phần Dữ liệu cá nhân`,
    },
  ];
}

/** The law's clock runs from the discovery of a breach until the authority knows. */
async function breached(parts: Parts): Promise<Bilingual[]> {
  const open = untold(await readBreaches(parts).catch(() => []));
  return open.map((b) => {
    const hours = Math.floor((b.tellBy - parts.clock.now()) / 3_600_000);
    const left = hours >= 0 ? `${hours} hours are left` : `${-hours} hours too late`;
    const leftVi = hours >= 0 ? `còn ${hours} giờ` : `đã muộn ${-hours} giờ`;
    return {
      en: `breach ${b.code}: the authority has not been told (${left}); see the console, Data protection`,
      vi: `vụ lộ dữ liệu ${b.code}: chưa báo cơ quan chức năng (${leftVi}); xem phần Dữ liệu cá nhân`,
    };
  });
}

/**
 * The nightly copy that stays away is missed when it is needed. Never made at all is said nothing of here: who copies the
 * database by other means has none of ours (the alert rules tell it).
 */
async function notBackedUp({ store, clock }: Parts): Promise<Bilingual[]> {
  const last = await store.upkeep.lastBackup().catch(() => null);
  if (last === null || clock.now() - last < BACKUP_LATE_MS) return [];
  const day = dayOf(last);
  return [
    {
      en: `the last backup was made on ${dayInWords(day, "en")}: see why none came after it (ben-an-backup.timer, its disk)`,
      vi: `bản sao lưu gần nhất là ${dayInWords(day, "vi")}: hãy xem vì sao sau đó không có bản nào (ben-an-backup.timer, ổ đĩa)`,
    },
  ];
}

/** A door that is open to nobody, and words that leave the country, must be known to whoever runs this. */
async function modelWarnings(parts: Parts): Promise<Bilingual[]> {
  const { model, library } = parts;
  const { enabled, doors } = library.base().settings.model;
  if (enabled && !model.can.complete)
    return [
      {
        en: "settings.yaml opens doors to a language model, but none is configured (OPENAI_MODEL): passages are sent as they are",
        vi: "phần Cài đặt cho dùng mô hình ngôn ngữ, nhưng máy chủ chưa khai báo mô hình nào (OPENAI_MODEL): các đoạn được gửi nguyên văn",
      },
    ];
  if (!enabled || doors.length === 0 || !model.can.complete) return [];
  return [
    ...(await modelToday(parts)),
    {
      en: `a language model at ${model.host} shortens passages for: ${doors.join(", ")}; redacted questions leave for it (if it is abroad, the transfer file must be done)`,
      vi: `mô hình ngôn ngữ ở ${model.host} viết gọn các đoạn cho: ${doors.join(", ")}; câu hỏi đã che được gửi tới đó (nếu ở nước ngoài thì phải có hồ sơ chuyển dữ liệu)`,
    },
  ];
}

/** How often it was asked today, and why its text was not sent: whoever opens a door to it must see what comes of it. */
async function modelToday({ store, clock }: Parts): Promise<Bilingual[]> {
  const today = dayOf(clock.now());
  const rows = await store.upkeep.counts(today, today).catch(() => []);
  const sum = (name: string) => rows.filter((r) => r.name === name).reduce((n, r) => n + r.n, 0);
  const asked = sum("model_asked");
  if (asked === 0) return [];
  const why = new Map<string, number>();
  for (const row of rows) {
    if (row.name !== "model_fallback") continue;
    const reason = row.labels.why ?? "";
    why.set(reason, (why.get(reason) ?? 0) + row.n);
  }
  const reasons = [...why].toSorted((a, b) => b[1] - a[1]).map(([reason, n]) => `${reason} ${n}`);
  const tail = reasons.length > 0 ? ` (${reasons.join(", ")})` : "";
  return [
    {
      en: `today the language model was asked ${asked} times; the passage itself was sent instead ${sum("model_fallback")} times${tail}`,
      vi: `hôm nay mô hình ngôn ngữ được hỏi ${asked} lần; ${sum("model_fallback")} lần đoạn nguyên văn được gửi thay${tail}`,
    },
  ];
}
