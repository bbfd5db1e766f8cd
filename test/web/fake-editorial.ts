/** Editing in memory, for tests: real flow schema, real line numbers, drafts that conflict, a small player. */

import { parseDocument } from "yaml";
import { z } from "zod";
import { sourceKey } from "../../bot/app/bundle.ts";
import type { Evaluation } from "../../bot/app/evaluation.ts";
import type { Editorial, Refusal, TalkLine } from "../../bot/app/services.ts";
import { type Flow, flowSchema } from "../../bot/core/flow/definition.ts";
import { serviceSchema } from "../../bot/core/knowledge/service.ts";
import type { Lang } from "../../bot/core/message.ts";
import type { Problem } from "../../bot/core/problem.ts";
import { groupAlike } from "../../bot/core/retrieval/grouping.ts";
import type { ContentKind, Revision } from "../../bot/ports/store.ts";

const no = (code: Refusal["code"], problems?: readonly Problem[]): Refusal => ({
  ok: false,
  code,
  message: code,
  ...(problems ? { problems } : {}),
});

export const WELCOME_FLOW = `id: welcome
title:
  vi: Lời đầu tiên
  en: First words
about: Người viết lần đầu gặp máy ở đây; câu đầu phải vô hại khi hiện trên màn hình khóa.
review:
  state: pending
start: hello
steps:
  hello:
    ask:
      vi: Chào bạn. Mình là máy trả lời tự động. Bạn nói chuyện lúc này được không?
      en: Hello. I am an automatic reply. Can you talk right now?
    red: true
    choices:
      - id: yes_now
        label:
          vi: Được
          en: Yes
        words: ["duoc", "ok"]
        next: thanks
      - id: not_now
        label:
          vi: Chưa, có người ở gần
          en: No, somebody is near
        next: short
  thanks:
    say:
      vi: Cảm ơn bạn. Bạn kể điều gì cũng được.
      en: Thank you. You can tell anything.
    next: end
  short:
    say:
      vi: Mình sẽ nhắn thật ngắn.
      en: I will keep it very short.
    next: end
`;

const ARTICLE = `---
id: contact-ban
title:
  vi: Cấm tiếp xúc là gì
  en: What a contact ban is
---
# vi

## Cấm tiếp xúc là gì
Là quyết định buộc người gây bạo lực không được lại gần bạn trong một thời gian.

# en

## What a contact ban is
A decision that the violent person must stay away from you for a time.
`;

/** A draft in which one sign of danger counts for less, and two answers together count for more. */
const DEAF_DA_5: NonNullable<Evaluation["instruments"]>[number] = {
  id: "da-5",
  barred: [{ answers: [{ question: "strangled", said: "follow_up" }], before: "emergency", after: "high" }],
  falls: [
    { answers: [{ question: "strangled", said: "follow_up" }], before: "emergency", after: "high" },
    { answers: [{ question: "weapon", said: "skipped" }], before: "medium", after: "none" },
  ],
  rises: [
    {
      answers: [
        { question: "escalation", said: "yes" },
        { question: "jealousy", said: "yes" },
      ],
      before: "high",
      after: "emergency",
    },
  ],
};

/** More lines than the screen shows. */
const MANY_LINES: NonNullable<Evaluation["rules"]>["changed"] = Array.from({ length: 73 }, (_, i) => ({
  ...{ text: `câu thử số ${i}`, before: "medium", after: "high", label: "high" },
}));

export function fakeEditorial() {
  const revisions: Revision[] = [
    revision("flow", "welcome", 1, WELCOME_FLOW.replace("Cảm ơn bạn. ", ""), "retired", "Bản đầu tiên"),
    revision("flow", "welcome", 2, WELCOME_FLOW, "published", "Thêm lời cảm ơn"),
    revision("flow", "safety-check", 1, "id: safety-check # viết dở\n", "discarded", ""),
    revision(
      "flow",
      "safety-check",
      2,
      WELCOME_FLOW.replace("id: welcome", "id: safety-check"),
      "published",
      "",
    ),
    revision("flow", "goodbye", 1, WELCOME_FLOW.replace("id: welcome", "id: goodbye"), "published", ""),
    // An upgrade has changed the published text under this one.
    revision(
      "flow",
      "goodbye",
      2,
      `${WELCOME_FLOW.replace("id: welcome", "id: goodbye")}\n`,
      "draft",
      "overtaken",
    ),
    revision("article", "contact-ban", 1, ARTICLE, "published", ""),
    revision("rules", "weapons", 1, "id: weapons\npatterns: []\n", "published", ""),
    revision("rules", "instruments/da-5", 1, "id: da-5\nquestions: []\n", "published", ""),
    revision("settings", "settings", 1, "exit_url: https://www.example.org/\n", "published", ""),
    revision("service", "national", 1, "services: []\n", "published", ""),
  ];
  const settled: string[] = [];
  let edition = 7;
  const of = (kind: ContentKind, key: string) => revisions.filter((r) => r.kind === kind && r.key === key);
  const newest = (kind: ContentKind, key: string) => of(kind, key).at(-1);
  const live = (kind: ContentKind, key: string) => of(kind, key).find((r) => r.state === "published");
  const swap = (r: Revision, state: Revision["state"], note = r.note) => {
    revisions[revisions.indexOf(r)] = { ...r, state, note };
  };

  const titleOf = (key: string) =>
    key === "welcome" ? { vi: "Lời đầu tiên", en: "First words" } : { vi: key, en: key };

  const editorial: Editorial = {
    list: async (_, kind) => {
      const keys = [...new Set(revisions.filter((r) => r.kind === kind).map((r) => r.key))];
      return {
        ok: true,
        items: keys.map((key) => {
          const draft = of(kind, key).findLast((r) => r.state === "draft");
          return {
            kind,
            key,
            title: titleOf(key),
            file: `${kind}s/${key}.yaml`,
            published: live(kind, key)?.number ?? null,
            draft: draft
              ? { number: draft.number, by: draft.by, at: draft.at, isOvertaken: draft.note === "overtaken" }
              : null,
            problems: check(kind, newest(kind, key)?.source ?? "").length,
            reviewState: "pending",
            reviewBy: null,
            overdue: false,
            counts:
              kind === "article"
                ? { answered: 12, helped: 5, unhelped: 2, parts: [{ part: 2, unhelped: 2 }] }
                : null,
            entries: [],
          };
        }),
        secondPerson: false,
      };
    },
    open: async (_, kind, key) => {
      const r = newest(kind, key);
      if (!r) return no("not_found");
      const state = r.state === "draft" ? "draft" : "published";
      return {
        ok: true,
        title: titleOf(key),
        file: `${kind}s/${key}.yaml`,
        source: r.source,
        number: r.number,
        state,
        isOvertaken: r.state === "draft" && r.note === "overtaken",
        draftBy: r.state === "draft" ? r.by : null,
        secondPerson: false,
        publishedNumber: live(kind, key)?.number ?? null,
        publishedSource: live(kind, key)?.source ?? null,
        problems: check(kind, r.source),
      };
    },
    create: async (by, kind, key, questions) => {
      if (newest(kind, key)) return no("name_taken");
      revisions.push({ ...revision(kind, key, 1, questions.join("\n"), "draft", ""), by: by.alias });
      return { ok: true, number: 1 };
    },
    discard: async (_, kind, key, number) => {
      const r = of(kind, key).find((one) => one.number === number && one.state === "draft");
      if (!r) return no("stale");
      swap(r, "discarded");
      return { ok: true };
    },
    evaluate: async (_by, _kind, key) => ({
      ok: true,
      golden: null,
      rules: key === "weapons" ? { heard: 100, falls: [], changed: MANY_LINES } : null,
      instruments: key === "instruments/da-5" ? [DEAF_DA_5] : null,
    }),
    check: async (_, kind, __, source) => ({ ok: true, problems: check(kind, source) }),
    save: async (by, kind, key, source, basedOn) => {
      const r = newest(kind, key);
      if ((r?.number ?? 0) !== basedOn) return no("stale");
      const number = basedOn + 1;
      revisions.push({ ...revision(kind, key, number, source, "draft", ""), by: by.alias });
      return { ok: true, number, problems: check(kind, source) };
    },
    publish: async (_, kind, key, number, note) => {
      const r = of(kind, key).find((one) => one.number === number);
      if (!r) return no("not_found");
      const top = newest(kind, key);
      if (top?.state === "draft" && top.number !== number) return no("stale");
      const problems = check(kind, r.source);
      if (problems.some((p) => p.severity === "error")) return no("invalid", problems);
      const old = live(kind, key);
      if (old) swap(old, "retired");
      swap(r, "published", note);
      edition += 1;
      return { ok: true, edition, settled: 0 };
    },
    history: async (_, kind, key) => ({ ok: true, revisions: of(kind, key).toReversed() }),
    revert: async (by, kind, key, number) => {
      const r = of(kind, key).find((one) => one.number === number);
      if (!r) return no("not_found");
      const fresh = (newest(kind, key)?.number ?? 0) + 1;
      const old = live(kind, key);
      if (old) swap(old, "retired");
      revisions.push({
        ...revision(kind, key, fresh, r.source, "published", `Trở lại bản ${number}`),
        by: by.alias,
      });
      edition += 1;
      return { ok: true, edition };
    },
    simulate: async (_, ask) => {
      const source = ask.drafts[0]?.source ?? WELCOME_FLOW;
      const parsed = flowSchema.safeParse(parseDocument(source).toJS());
      if (!parsed.success) return no("invalid", check("flow", source));
      const lines = play(parsed.data, ask.said, ask.lang);
      const talk = lines.map((l) => `${{ person: ">", bot: "<", effect: "!" }[l.who]} ${l.text}`).join("\n");
      return {
        ok: true,
        lines,
        level: lines.some((l) => l.text.includes("medium")) ? "medium" : "none",
        talk,
      };
    },
    preview: async (_, __, ___, source) => ({
      ok: true,
      messages: [{ name: "all", shown: [{ channel: "web", bubbles: [bubble(source)] }] }],
    }),
    settle: async (_, ids) => {
      settled.push(...ids);
      return { ok: true };
    },
    exportFiles: async () => ({
      ok: true,
      files: revisions
        .filter((r) => r.state === "published")
        .map((r) => ({ path: `${r.kind}s/${r.key}.yaml`, text: r.source })),
    }),
    importFiles: async (_, files) => {
      const taken = files.map(({ path }) => Object.values(sourceKey(path) ?? { path }).join(":"));
      return { ok: true, taken, same: 0, other: [] };
    },
    schema: (kind) => z.toJSONSchema(kind === "service" ? serviceSchema : flowSchema, { io: "input" }),
    ask: async (_, question) => ({
      ok: true,
      answered: question.includes("cấm"),
      hits: [
        {
          id: "contact-ban#1",
          title: "Cấm tiếp xúc là gì",
          text: "Là quyết định buộc người gây bạo lực không được lại gần bạn.",
          score: 12.41,
          why: {
            nearest: { question: "cấm tiếp xúc là gì", likeness: 0.8 },
            unaided: { question: "xã cấm anh ta lại gần em thì cấm những gì", likeness: 0.4 },
            words: [{ word: "cam", in: ["title", "questions", "text"], articles: 9 }],
          },
          entry: null,
        },
        {
          id: "service:peace-house",
          title: "Ngôi nhà Bình yên",
          text: "Tư vấn ngày đêm.",
          score: 3.2,
          why: null,
          entry: { kind: "hotline", provinces: null, until: "2027-05-22" },
        },
      ],
    }),
    unanswered: async () => {
      const questions = [
        {
          id: "q1",
          at: Date.now() - 3_600_000,
          question: "chồng giữ hết giấy tờ thì làm lại ở đâu",
          shown: {
            id: "contact-ban-commune#2",
            title: { vi: "Ai được xin lệnh", en: "Who may ask for it" },
          },
        },
        {
          id: "q2",
          at: Date.now() - 7_200_000,
          question: "chong giu het giay to lam lai o dau",
          shown: null,
        },
      ].filter((q) => !settled.includes(q.id));
      const counts = { answered: 120, helped: 31, unhelped: 4, unanswered: 9, askedAgain: 3 };
      return { ok: true, groups: groupAlike(questions), questions, counts };
    },
  };
  return { editorial, revisions };
}

const bubble = (text: string) => ({ text, buttons: [], units: text.length, limit: 2_000 });

function revision(
  kind: ContentKind,
  key: string,
  number: number,
  source: string,
  state: Revision["state"],
  note: string,
): Revision {
  const [by, writtenBy] = ["Tú", state === "retired" ? "Mai" : "Tú"];
  return {
    kind,
    key,
    number,
    source,
    state,
    by,
    writtenBy,
    at: Date.now() - (10 - number) * 3_600_000,
    note,
  };
}

/** The real schema's complaints, each with its line. */
function check(kind: ContentKind, source: string): Problem[] {
  const overdue = { code: "knowledge.overdue", message: "withdrawn", line: 2, severity: "warning" as const };
  if (kind === "article") return source.includes("review_by: 2020") ? [overdue] : [];
  // Flows say a number that this takes away.
  if (kind === "service" && source.includes("# bỏ số")) {
    const message = 'the directory has no usable service "peace-house"';
    const of = { code: "flow.unknown_service", message, severity: "error" as const };
    return [{ ...of, file: "flows/welcome.yaml", line: 12, field: "steps.hello.ask.vi" }];
  }
  const doc = parseDocument(source);
  if (doc.errors.length > 0) {
    return doc.errors.map((e) => ({
      code: "yaml.broken",
      message: e.message.split("\n")[0] ?? "broken YAML",
      line: e.linePos?.[0].line ?? 1,
      severity: "error",
    }));
  }
  const parsed = kind === "flow" ? flowSchema.safeParse(doc.toJS()) : null;
  if (!parsed || parsed.success) return parsed?.success ? unknownTargets(parsed.data, source) : [];
  return parsed.error.issues.map((issue) => ({
    code: "flow.schema",
    message: issue.message,
    field: issue.path.join("."),
    line: lineOf(doc, issue.path as (string | number)[], source),
    severity: "error",
  }));
}

function unknownTargets(flow: Flow, source: string): Problem[] {
  const problems: Problem[] = [];
  const known = new Set([...Object.keys(flow.steps), "end"]);
  source.split("\n").forEach((row, i) => {
    const target = /^\s+next:\s*([a-z_:]+)\s*$/.exec(row)?.[1];
    if (target && !known.has(target) && !target.startsWith("flow:")) {
      problems.push({
        code: "flow.unknown_step",
        message: `there is no step "${target}"`,
        line: i + 1,
        severity: "error",
      });
    }
  });
  return problems;
}

function lineOf(doc: ReturnType<typeof parseDocument>, path: (string | number)[], source: string): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = doc.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return source.slice(0, node.range[0]).split("\n").length;
  }
  return 1;
}

/** Plays say and ask steps: enough to see the panel work. */
function play(
  flow: Flow,
  said: readonly { text?: string; choice?: string; waitMs?: number }[],
  lang: Lang,
): TalkLine[] {
  const lines: TalkLine[] = [];
  let at = flow.start;
  const run = () => {
    for (let i = 0; i < 20 && at !== "end"; i++) {
      const step = flow.steps[at];
      if (!step) return;
      if ("say" in step) {
        lines.push({ who: "bot", text: step.say[lang], choices: [], shown: [bubble(step.say[lang])] });
        at = step.next;
      } else if ("ask" in step) {
        const choices = step.choices.map((c) => ({
          label: c.label[lang],
          kind: "answer" as const,
          value: c.id,
        }));
        lines.push({ who: "bot", text: step.ask[lang], choices, shown: [bubble(step.ask[lang])] });
        return;
      } else return;
    }
  };
  run();
  for (const one of said) {
    if (one.waitMs) {
      lines.push({ who: "effect", text: "timer case_waits", choices: [], shown: [] });
      continue;
    }
    lines.push({ who: "person", text: one.choice ?? one.text ?? "", choices: [], shown: [] });
    const step = flow.steps[at];
    if (step && "ask" in step) {
      const chosen = step.choices.find((c) => c.id === one.choice || c.label[lang] === one.text);
      if (chosen?.id === "not_now")
        lines.push({ who: "effect", text: "case medium", choices: [], shown: [] });
      at = chosen?.next ?? at;
    }
    run();
  }
  return lines;
}
