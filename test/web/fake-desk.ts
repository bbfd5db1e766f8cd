/** A desk in memory: a queue with invented cases that behave. For tests and for looking at the screens. */

import type { Answer, CaseCard, CaseFile, CaseLine, Desk, Refusal, Staff } from "../../bot/app/services.ts";
import type { CaseId, MessageId, StaffId } from "../../bot/core/ids.ts";
import { type Level, rank } from "../../bot/core/level.ts";
import type { CaseState } from "../../bot/ports/store.ts";
import type { FakeBus } from "./fake-bus.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };
interface Kept {
  card: Open<Omit<CaseCard, "mine" | "isUnanswered" | "isLeftAlone" | "canTakeOver">>;
  file: Open<
    Pick<CaseFile, "reasons" | "answers" | "notes" | "history" | "held" | "replyWindow" | "topicName">
  >;
  lines: Open<CaseLine>[];
  keys: Set<string>;
}

const MINUTE = 60_000;
const LAN = { id: "staff-9" as StaffId, alias: "Lan" };
const no = (code: Refusal["code"]): Refusal => ({ ok: false, code, message: code });

export function fakeDesk(bus: FakeBus) {
  const cases = new Map<string, Kept>();
  const duty = new Map<string, string>();
  let beats = 0;
  let more = 0;
  let isStrict = false;
  let nextDelivery: CaseLine["state"] = "sent";
  for (const kept of seeds()) cases.set(kept.card.id, kept);

  const changed = (kept: Kept) => {
    bus.publish("cases");
    bus.publish(kept.file.topicName);
  };
  const log = (kept: Kept, by: Staff, action: string, detail = "") => {
    kept.file.history = [
      ...kept.file.history,
      { at: Date.now(), actor: by.alias, action, subject: kept.card.id, detail },
    ];
  };
  const noteIn = (kept: Kept, by: Staff, text: string) => {
    const id = `note-${kept.file.notes.length + 1}`;
    kept.file.notes = [...kept.file.notes, { id, at: Date.now(), alias: by.alias, text }];
  };
  const view = (kept: Kept, by: Staff): CaseCard => {
    const { state, claimedBy, awaitedSince } = kept.card;
    const isUnanswered =
      state === "claimed" && awaitedSince !== null && Date.now() - awaitedSince > 10 * MINUTE;
    const isLeftAlone =
      state === "claimed" && claimedBy !== null && (isUnanswered || !duty.has(claimedBy.id));
    const mine = claimedBy?.id === by.id;
    const canTakeOver = state === "claimed" && !mine && (isLeftAlone || by.roles.includes("supervisor"));
    return { ...kept.card, mine, isUnanswered, isLeftAlone, canTakeOver };
  };
  const say = (
    kept: Kept,
    from: CaseLine["from"],
    text: string,
    state: CaseLine["state"],
    choices: string[] = [],
  ) => {
    const n = kept.lines.length + 1;
    const line: Open<CaseLine> = {
      n,
      id: `${kept.card.id}-m${n}` as MessageId,
      from,
      at: Date.now(),
      text,
      choices,
      state,
    };
    kept.lines.push(line);
    return line;
  };
  /** Finds the case and says whether it may be acted on by this counsellor. */
  const mine = (id: CaseId, by: Staff): Kept | Refusal => {
    const kept = cases.get(id);
    if (!kept) return no("not_found");
    if (kept.card.state === "closed") return no("closed");
    return kept.card.claimedBy?.id === by.id ? kept : no("not_yours");
  };
  const isShut = (kept: Kept, by: Staff) =>
    isStrict &&
    kept.card.claimedBy !== null &&
    kept.card.claimedBy.id !== by.id &&
    !by.roles.includes("supervisor");
  const act = async (id: CaseId, by: Staff, run: (kept: Kept) => void): Promise<Answer<object>> => {
    const kept = mine(id, by);
    if ("code" in kept) return kept;
    run(kept);
    changed(kept);
    return { ok: true };
  };

  const desk: Desk = {
    list: async (by, states) => {
      const order: Record<CaseState, number> = { waiting: 0, claimed: 1, closed: 2 };
      const found = [...cases.values()]
        .filter((k) => states.includes(k.card.state))
        .sort(
          (a, b) =>
            order[a.card.state] - order[b.card.state] ||
            rank(b.card.level) - rank(a.card.level) ||
            a.card.openedAt - b.card.openedAt,
        );
      return { ok: true, cases: found.map((k) => view(k, by)), onDuty: [...duty.values()], more };
    },
    newest: async (by) => ({
      ok: true,
      cases: [...cases.values()]
        .filter((k) => k.card.state === "waiting")
        .sort((a, b) => b.card.openedAt - a.card.openedAt)
        .map((k) => view(k, by)),
    }),
    open: async (by, id) => {
      const kept = cases.get(id);
      if (kept && isShut(kept, by)) return no("not_yours");
      return kept ? { ok: true, file: { ...view(kept, by), ...kept.file } } : no("not_found");
    },
    lines: async (by, id, after) => {
      const kept = cases.get(id);
      if (kept && isShut(kept, by)) return no("not_yours");
      return kept
        ? { ok: true, lines: kept.lines.filter((l) => l.n > after).map((l) => ({ ...l })) }
        : no("not_found");
    },
    claim: async (by, id, from) => {
      const kept = cases.get(id);
      if (!kept) return no("not_found");
      if (kept.card.state === "closed") return no("closed");
      const isTakenOver =
        from !== undefined && view(kept, by).canTakeOver && kept.card.claimedBy?.id === from;
      if (kept.card.state === "claimed" && !isTakenOver) return no("already_claimed");
      kept.card.state = "claimed";
      kept.card.claimedBy = { id: by.id, alias: by.alias };
      kept.card.unread = 0;
      // Who only takes it has not answered yet: the clock begins.
      kept.card.awaitedSince = Date.now();
      log(kept, by, isTakenOver ? "case_taken_over" : "claim");
      say(kept, "bot", `${by.alias} đã vào cuộc trò chuyện.`, "sent");
      changed(kept);
      return { ok: true, card: view(kept, by) };
    },
    reply: (by, id, text, key) =>
      act(id, by, (kept) => {
        if (kept.keys.has(key)) return;
        kept.keys.add(key);
        kept.card.awaitedSince = null;
        const line = say(kept, "counsellor", text, "queued");
        setTimeout(() => {
          line.state = nextDelivery;
          if (nextDelivery === "failed") kept.lines[line.n - 1] = { ...line, failure: "blocked" };
          changed(kept);
        }, 150);
      }),
    note: (by, id, text) => act(id, by, (kept) => noteIn(kept, by, text)),
    setLevel: (by, id, level, reason) =>
      act(id, by, (kept) => {
        const change = `${kept.card.level} → ${level}`;
        kept.card.level = level;
        kept.card.levelAt = Date.now();
        log(kept, by, "level_set", change);
        noteIn(kept, by, `${change}: ${reason}`);
      }),
    release: (by, id) =>
      act(id, by, (kept) => {
        kept.card.state = "waiting";
        kept.card.claimedBy = null;
        kept.card.awaitedSince = null;
        log(kept, by, "release");
      }),
    close: (by, id, outcome, note) =>
      act(id, by, (kept) => {
        kept.card.state = "closed";
        kept.card.closedAt = Date.now();
        kept.card.outcome = outcome;
        log(kept, by, "close", note);
      }),
    read: async (_, id) => {
      const kept = cases.get(id);
      if (!kept || kept.card.unread === 0) return;
      kept.card.unread = 0;
      bus.publish("cases");
    },
    onDuty: async (by, on) => {
      if (on) beats += 1;
      if (on) duty.set(by.id, by.alias);
      else duty.delete(by.id);
      bus.publish("cases");
    },
    outcomes: () => [
      {
        id: "safe_now",
        label: { vi: "Đã an toàn lúc này, có kế hoạch", en: "Out of danger for now, with a plan" },
      },
      { id: "referred", label: { vi: "Đã nối với dịch vụ khác", en: "Connected to another service" } },
      { id: "left", label: { vi: "Người ấy rời đi", en: "The person left" } },
    ],
  };

  return {
    desk,
    ids: [...cases.keys()] as CaseId[],
    personSays: (id: CaseId, text: string) => {
      const kept = cases.get(id);
      if (!kept) return;
      say(kept, "person", text, "received");
      kept.card.lastPersonAt = Date.now();
      kept.card.unread += 1;
      if (kept.card.state === "claimed") kept.card.awaitedSince ??= Date.now();
      changed(kept);
    },
    /** Her words were read so long ago, and nobody has answered. */
    leaveUnanswered: (id: CaseId, minutes: number) => {
      const kept = cases.get(id);
      if (!kept) return;
      kept.card.unread = 0;
      kept.card.awaitedSince = Date.now() - minutes * MINUTE;
      changed(kept);
    },
    /** Lan, who has a case, sits before another console. */
    lanIsOnDuty: () => {
      duty.set(LAN.id, LAN.alias);
      bus.publish("cases");
    },
    /** How often a console said that its counsellor is on duty. */
    beats: () => beats,
    /** From now on a claimed or closed case is open to its own counsellor only, as it is to all but supervisors. */
    beStrict: () => {
      isStrict = true;
    },
    /** How the next replies fare. */
    deliver: (state: CaseLine["state"]) => {
      nextDelivery = state;
    },
    /** So many wait besides those in the list. */
    leaveOut: (n: number) => {
      more = n;
      bus.publish("cases");
    },
    rise: (id: CaseId, level: Level) => {
      const kept = cases.get(id);
      if (!kept) return;
      kept.card.level = level;
      changed(kept);
    },
    removeAll: () => {
      cases.clear();
      bus.publish("cases");
    },
    addUrgent: () => {
      const kept = seed("C9", "R4TN", "emergency", 0, ["weapon"], {});
      cases.set(kept.card.id, kept);
      bus.publish("cases");
    },
  };
}

function seeds(): Kept[] {
  const first = seed("C1", "K7M2", "emergency", 4, ["weapon", "threat_to_kill"], {
    reasons: [
      { category: "weapon", evidence: "“nó đang cầm dao ngoài cửa”" },
      { category: "threat_to_kill", evidence: "“nó bảo sẽ giết cả hai mẹ con”" },
      { category: "instrument:da5", evidence: "đã từng bị bóp cổ; bạo lực nặng hơn trong năm qua" },
    ],
    answers: [
      {
        question: "Bạn nói chuyện lúc này được không?",
        answer: "Chưa, có người ở gần",
        at: Date.now() - 8 * MINUTE,
      },
      { question: "Điều nào gần với bạn nhất?", answer: "Mình đang bị làm đau", at: Date.now() - 7 * MINUTE },
      { question: "Có trẻ em ở cùng không?", answer: "Có, một bé 4 tuổi", at: Date.now() - 6 * MINUTE },
    ],
  });
  first.card.unread = 2;
  const talk: [CaseLine["from"], string, string[]?][] = [
    [
      "bot",
      "Chào bạn. Mình là máy trả lời tự động, không phải người. Bạn nói chuyện lúc này được không?",
      ["Được", "Chưa, có người ở gần"],
    ],
    ["person", "Chưa, có người ở gần"],
    ["bot", "Mình sẽ nhắn ngắn. Bạn chỉ cần trả lời bằng số.", []],
    ["person", "nó đang cầm dao ngoài cửa, em với con khóa trong phòng"],
    [
      "bot",
      "Nếu gọi được, bạn gọi 113. Nếu không nói được, bạn cứ để máy mở. Bạn muốn nói với người thật không?",
      ["Có", "Chưa"],
    ],
    ["person", "có"],
    ["person", "nhanh giúp em với"],
  ];
  talk.forEach(([from, text, choices], i) => {
    first.lines.push({
      n: i + 1,
      id: `C1-m${i + 1}` as MessageId,
      from,
      at: Date.now() - (10 - i) * MINUTE,
      text,
      choices: choices ?? [],
      state: from === "person" ? "received" : "sent",
    });
  });
  const second = seed("C2", "P3XD", "high", 22, ["strangulation", "separation"], { channel: "zalo-oa" });
  second.file.replyWindow = {
    until: Date.now() + 26 * 60 * MINUTE,
    freeUntil: Date.now() + 2 * 60 * MINUTE,
    budget: 5,
  };
  const third = seed("C3", "B8QA", "medium", 51, ["control"], { lang: "en", channel: "telegram" });
  const left = seed("C4", "T2WN", "medium", 73, ["economic"], {});
  left.card.personLeft = true;
  const other = seed("C5", "H5LV", "medium", 95, ["suicidal"], {});
  other.card.state = "claimed";
  other.card.unread = 0;
  other.card.claimedBy = LAN;
  return [first, second, third, left, other];
}

function seed(
  id: string,
  code: string,
  level: Level,
  minutes: number,
  headline: string[],
  more: Partial<Pick<CaseFile, "reasons" | "answers" | "lang" | "channel">>,
): Kept {
  const at = Date.now() - minutes * MINUTE;
  return {
    card: {
      id: id as CaseId,
      code,
      state: "waiting",
      level,
      topic: "hurt",
      asked: level !== "medium",
      lang: more.lang ?? "vi",
      channel: more.channel ?? "web",
      openedAt: at,
      levelAt: at,
      lastPersonAt: at,
      unread: 1,
      awaitedSince: null,
      personLeft: false,
      claimedBy: null,
      closedAt: null,
      outcome: null,
      headline,
    },
    file: {
      reasons:
        more.reasons ??
        headline.map((category) => ({ category, evidence: "trả lời “có” trong câu hỏi an toàn" })),
      answers: more.answers ?? [],
      notes: [],
      history: [{ at, actor: "máy", action: "open", subject: id, detail: level }],
      replyWindow: { until: null, freeUntil: null, budget: null },
      held: [],
      topicName: `conversation:${id}`,
    },
    lines: [],
    keys: new Set(),
  };
}
