/** A page service in memory: a short scripted conversation, taken once per key, ended by "thoát". For tests. */

import { createHmac } from "node:crypto";
import type { PageLine, PageService } from "../../bot/app/services.ts";
import type { Choice, Lang } from "../../bot/core/message.ts";
import type { Topic } from "../../bot/ports/bus.ts";
import type { FakeBus } from "./fake-bus.ts";
import { FAKE_TEXTS } from "./fake-texts.ts";

interface Talk {
  readonly id: string;
  readonly lines: PageLine[];
  readonly keys: Set<string>;
  lang: Lang;
  arrived: boolean;
  ended: boolean;
  isLocked: boolean | null;
}

const answer = (label: string, value: string, style?: Choice["style"]): Choice => ({
  label,
  kind: "answer",
  value,
  ...(style ? { style } : {}),
});
const call = (value: string, label: string): Choice => ({ label, kind: "call", value });

const SAFE_NOW = [
  answer("Được, mình đang ở một mình", "safe"),
  answer("Chưa, có người ở gần", "near", "danger"),
  answer("Bỏ qua câu này", "skip", "quiet"),
];

export function fakePage(bus: FakeBus, exitUrl: string) {
  const talks = new Map<string, Talk>();
  const opened: string[] = [];
  let count = 0;
  let broken = false;
  const topicOf = (talk: Talk): Topic => `conversation:${talk.id}`;

  function add(talk: Talk, from: PageLine["from"], text: string, choices: readonly Choice[] = []): void {
    talk.lines.push({
      n: talk.lines.length + 1,
      from,
      at: 1_800_000_000_000 + talk.lines.length * 1000,
      text,
      choices,
      lang: from === "bot" ? talk.lang : null,
    });
    bus.publish(topicOf(talk));
  }

  function reply(talk: Talk, said: string): void {
    if (said === "English" || said === "Tiếng Việt") {
      talk.lang = said === "English" ? "en" : "vi";
      add(talk, "bot", said === "English" ? "I will use English." : "Mình nói tiếng Việt nhé.", [
        talk.lang === "en" ? answer("Go on", "on") : answer("Nói tiếp", "on"),
      ]);
    } else if (/dao|knife/.test(said)) {
      add(talk, "bot", "Nếu bạn ra được chỗ có người hoặc có khóa, hãy đi ngay. Gọi 113 nếu gọi được.", [
        call("113", "Công an"),
        call("115", "Cấp cứu"),
        answer("Mình muốn nói với người thật", "human"),
      ]);
    } else if (said === "safe") {
      add(talk, "bot", "Cảm ơn bạn đã cho biết. Điều nào gần với bạn nhất lúc này?", [
        answer("Mình đang bị làm đau", "hurt"),
        answer("Mình lo cho người khác", "helper"),
      ]);
    } else add(talk, "bot", `Mình đã nghe. Bạn kể tiếp khi nào bạn muốn.`, [call("111", "Tổng đài 111")]);
  }

  const service: PageService = {
    open: () => {
      count += 1;
      const token = `token-${count}`;
      opened.push(token);
      return token;
    },
    arrive: async (token, lang) => {
      if (broken) throw new Error("planted words that must not leave");
      const talk = talkOf(token);
      if (!talk || talk.ended) return { ok: false, code: "not_found", message: "gone" };
      if (!talk.arrived) {
        talk.arrived = true;
        talk.lang = lang;
        add(
          talk,
          "bot",
          "Chào bạn. Mình là máy trả lời tự động, không phải người. Bạn nói chuyện lúc này được không?",
          SAFE_NOW,
        );
      }
      return { ok: true };
    },
    write: async (token, said) => {
      if (broken) throw new Error("planted words that must not leave");
      const talk = talkOf(token);
      if (!talk || talk.ended) return { ok: false, code: "not_found", message: "gone" };
      if (talk.keys.has(said.key)) return { ok: true };
      talk.keys.add(said.key);
      const words = said.text ?? said.choice ?? "";
      if (words.trim() === "thoát") {
        talk.ended = true;
        bus.publish(topicOf(talk));
        return { ok: true };
      }
      const shown = said.choice
        ? (talk.lines.flatMap((l) => l.choices).find((c) => c.value === said.choice)?.label ?? said.choice)
        : words;
      add(talk, "you", shown);
      setTimeout(() => reply(talk, words), 30);
      return { ok: true };
    },
    read: async (token, after) => {
      const talk = talkOf(token);
      if (!talk) return { ok: false, code: "not_found", message: "gone" };
      return {
        ok: true,
        // At the closed gate only its question is to be read.
        lines: (talk.isLocked ? talk.lines.slice(-1) : talk.lines).filter((l) => l.n > after),
        ended: talk.ended,
        isLocked: talk.isLocked,
        topic: talk.lines.length > 0 ? topicOf(talk) : null,
      };
    },
    leave: async (token) => {
      const talk = talkOf(token);
      if (talk) {
        talk.ended = true;
        bus.publish(topicOf(talk));
      }
    },
    sign: (text) => createHmac("sha256", "a key of this test").update(text).digest("hex"),
    front: () => ({
      effort: { openings: 30, minutes: 10, bits: 10, max_bits: 14, wait_seconds: 15 },
      gapMs: 30 * 60_000,
      texts: FAKE_TEXTS,
      exitUrl,
      numbers: [
        {
          number: "113",
          name: { vi: "113 – Công an, khi đang nguy hiểm", en: "113 – Police, in danger now" },
          note: {
            vi: "Ngày đêm, gọi không mất tiền. Công an sẽ đến nơi bạn báo.",
            en: "Day and night, free. Police come to where you say.",
          },
        },
        {
          number: "115",
          name: { vi: "Cấp cứu", en: "Ambulance" },
          note: { vi: "Khi bị thương hoặc khó thở.", en: "When hurt or short of breath." },
        },
        {
          number: "1900 969 680",
          name: { vi: "Ngôi nhà Bình yên", en: "Peace House" },
          note: {
            vi: "Ngày đêm. Tư vấn và nơi ở tạm cho phụ nữ và trẻ em.",
            en: "Day and night. Advice and shelter for women and children.",
          },
        },
      ],
    }),
  };

  function talkOf(token: string): Talk | undefined {
    if (!opened.includes(token)) return undefined;
    const known = talks.get(token);
    if (known) return known;
    const talk: Talk = {
      id: `page-${token}`,
      lines: [],
      keys: new Set(),
      lang: "vi",
      arrived: false,
      ended: false,
      isLocked: null,
    };
    talks.set(token, talk);
    return talk;
  }

  return {
    service,
    /** The newest conversation, for tests that look behind the page. */
    newest: () => [...talks.values()].at(-1),
    bot: (text: string, choices: readonly Choice[] = [], from: PageLine["from"] = "bot") => {
      const talk = [...talks.values()].at(-1);
      if (talk) add(talk, from, text, choices);
    },
    break: (on: boolean) => {
      broken = on;
    },
    opened,
  };
}
