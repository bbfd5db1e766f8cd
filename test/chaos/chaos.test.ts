/** A short shake as part of every run; the checker against made-up evidence, and against houses that break a promise. */

import { describe, expect, it } from "vitest";
import { postgresMissing, redisMissing } from "../servers.ts";
import { type Evidence, judge, KINDS } from "./checker.ts";
import { report, runChaos } from "./run.ts";
import { counsellorSays, personSays, ROUNDS, story } from "./story.ts";

const ANSWERS = [
  "Chào bạn. Mình là máy trả lời tự động.",
  "Điều nào gần với bạn nhất?",
  "Bạn cứ hỏi bằng lời của mình.",
  "Lệnh cấm này là gì. Theo 13/2022.",
  "Hãy gọi ngay: 113 công an, 115 cấp cứu. Tránh bếp.",
  "Mình đã gọi tư vấn viên.",
];
const JOINED = "Mai đã vào. Đây là người thật, không phải máy.";

/** One person to whom everything happened as it should. */
function good(): Evidence {
  const said = [...story("p1").map((s) => s.says), personSays("p1", 1), personSays("p1", 2)];
  const bot = [...ANSWERS, JOINED, counsellorSays("p1", 1), counsellorSays("p1", 2)];
  const lines = [
    ...said.map((text) => ({ from: "person" as const, text, state: "received" })),
    ...bot.map((text) => ({ from: "bot" as const, text, state: "sent" })),
  ];
  return {
    people: [{ mark: "p1", said, phone: bot.map((text) => ({ from: "bot" as const, text })) }],
    cases: [{ id: "c1", level: "emergency", lines }],
    levels: new Map([["c1", ["high", "emergency"]]]),
    claims: [{ caseId: "c1", by: "a" }],
    replies: [1, 2].map((n) => ({ caseId: "c1", text: counsellorSays("p1", n) })),
  };
}

type Phone = Evidence["people"][number]["phone"];

function withPhone(change: (phone: Phone) => Phone): Evidence {
  const all = good();
  return { ...all, people: all.people.map((p) => ({ ...p, phone: change(p.phone) })) };
}

describe("the checker", () => {
  it("finds nothing where nothing is wrong, also when a safety text came twice", () => {
    expect(judge(good()).faults).toEqual([]);
    const twice = withPhone((phone) => phone.flatMap((m) => (m.text === ANSWERS[4] ? [m, m] : [m])));
    expect(judge(twice)).toMatchObject({ faults: [], figures: { "safety texts that came twice": 1 } });
  });

  it("lets the hotlines of a night without a counsellor come twice, and nothing else in their place", () => {
    const nobody = "Lúc này chưa có tư vấn viên nào trực. 113 công an, 115 cấp cứu.";
    const instead = (text: string) =>
      withPhone((phone) =>
        phone.flatMap((m) =>
          m.text === ANSWERS[5]
            ? [
                { ...m, text },
                { ...m, text },
              ]
            : [m],
        ),
      );
    expect(judge(instead(nobody)).faults).toEqual([]);
    expect(judge(instead(ANSWERS[5] ?? "")).faults).toEqual([expect.stringMatching(/^doubled/)]);
  });

  it.each([
    ["lost", withPhone((phone) => phone.filter((m) => m.text !== ANSWERS[1]))],
    ["doubled", withPhone((phone) => phone.flatMap((m) => (m.text === ANSWERS[1] ? [m, m] : [m])))],
    ["out of order", withPhone((phone) => [...phone.slice(1, 3), ...phone.slice(0, 1), ...phone.slice(3)])],
    ["unexpected", withPhone((phone) => [...phone, { from: "bot", text: "lạ" }])],
    ["cases unseen", { ...good(), cases: [] }],
    [
      "claimed twice",
      {
        ...good(),
        claims: [
          { caseId: "c1", by: "a" },
          { caseId: "c1", by: "b" },
        ],
      },
    ],
    ["level lowered", { ...good(), levels: new Map([["c1", ["emergency", "high"]]]) }],
  ] as const)("sees what is %s", (kind, evidence) => {
    const { counts } = judge(evidence);
    for (const one of KINDS) expect({ [one]: counts[one] > 0 }).toEqual({ [one]: one === kind });
  });

  it("lets who waits be told so, in that place and no more often than promised", async () => {
    const wait = { from: "bot" as const, text: "Bạn vẫn đang trong hàng chờ. Bạn là người kế tiếp." };
    const kept = { from: "bot" as const, text: "Mình đã ghi lại để tư vấn viên đọc." };
    const at = (n: number, ...more: Phone) => withPhone((phone) => phone.toSpliced(n, 0, ...more));
    const place = ANSWERS.length;
    expect(judge(at(place, wait, kept, wait)).faults).toEqual([]);
    expect(judge(at(place, wait, wait, wait)).counts.doubled).toBe(1);
    const often = (n: number) => at(place, ...Array.from({ length: n }, () => kept));
    expect(judge(often(ROUNDS)).counts.doubled).toBe(0);
    expect(judge(often(ROUNDS + 1)).counts.doubled).toBe(1);
    expect(judge(at(place + 1, wait)).counts["out of order"]).toBe(1);
    expect(judge(at(1, wait)).counts["out of order"]).toBeGreaterThan(0);
  });

  it("sees words of hers that never came, or came twice, to the counsellor", () => {
    const all = good();
    const lines = all.cases[0]?.lines ?? [];
    const without = lines.filter((l) => l.text !== "5");
    const twice = lines.flatMap((l) => (l.text === "5" ? [l, l] : [l]));
    expect(judge({ ...all, cases: [{ id: "c1", level: "emergency", lines: without }] }).counts.lost).toBe(1);
    expect(judge({ ...all, cases: [{ id: "c1", level: "emergency", lines: twice }] }).counts.doubled).toBe(1);
  });

  it("takes a message for told, not lost, when the console says that it may not have arrived", () => {
    const all = withPhone((phone) => phone.filter((m) => m.text !== ANSWERS[1]));
    const cases = all.cases.map((c) => ({
      ...c,
      lines: c.lines.map((l) => (l.text === ANSWERS[1] ? { ...l, state: "unclear" } : l)),
    }));
    expect(judge({ ...all, cases })).toMatchObject({
      faults: [],
      figures: { "told that one may not have arrived": 1 },
    });
  });
});

const missing = postgresMissing() ?? redisMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.skipIf(missing)("a shaken house", () => {
  it("loses, doubles, reorders and forgets nothing", async () => {
    const outcome = await runChaos({ seconds: 15, seed: 1, people: 6, counsellors: 2, settleSeconds: 150 });
    console.info(report(outcome));
    expect(outcome.faults).toEqual([]);
    expect(outcome.violations).toEqual([]);
    expect(outcome.finished).toBe(6);
    expect([...outcome.troubles.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
  }, 400_000);
});

/**
 * Each breaks one promise and meets only the troubles that this promise is for. All come to the end, so that nothing
 * is found merely because the time was over.
 */
const BROKEN = [
  ["version", 6, ["pause"], ["doubled", "out of order"]],
  ["outbox", 3, ["platform breaks"], ["lost"]],
  ["inbox", 6, ["update twice"], ["doubled"]],
] as const;

describe.skipIf(missing)("a house with a broken promise", () => {
  it.each(BROKEN)(
    "is found out: %s",
    async (promise, seconds, only, kinds) => {
      const outcome = await runChaos({
        seconds,
        seed: 2,
        people: 3,
        counsellors: 1,
        settleSeconds: 120,
        // Longer than what counts as one burst, which rightly gets one answer.
        patienceMs: 6_000,
        only,
        program: ["test/chaos/faulty-main.ts", promise],
      });
      console.info(`without ${promise}\n${report(outcome)}`);
      expect(outcome.finished).toBe(3);
      expect(kinds.reduce((n, kind) => n + outcome.counts[kind], 0)).toBeGreaterThan(0);
    },
    300_000,
  );
});
