/** Settings, texts and words that the operator owns (`flows/settings.yaml`, `flows/texts.yaml`, `flows/words.yaml`). */

import { z } from "zod";
import { type Bilingual, LANGS, type Lang } from "./message.ts";
import { bilingualSchema, idSchema } from "./schema.ts";
import { countWays, MAX_WAYS } from "./word-ways.ts";

const days = z.number().int().positive();
const minutes = z.number().positive();

/** Doors that an administrator can open to a language model; `question`: she only asks, or has not said yet. */
export const MODEL_DOORS = ["question", "hurt", "at_risk", "helper", "own_violence"] as const;
export type ModelDoor = (typeof MODEL_DOORS)[number];

/** `flows/settings.yaml`. Times are in minutes unless the name says otherwise. */
export const settingsSchema = z.strictObject({
  operator: bilingualSchema.describe("who runs this service, as a person reads it"),
  exit_url: z
    .url({ protocol: /^https?$/ })
    .describe("the harmless site that quick exit on the page leads to"),
  flows: z
    .strictObject({
      start: idSchema,
      returned: idSchema,
      emergency: idSchema,
      high: idSchema,
      medium: idSchema,
      human: idSchema,
      menu: idSchema,
      after_case: idSchema,
      numbers: idSchema,
      forget: idSchema,
      my_words: idSchema,
      safe_hours: idSchema,
      my_data: idSchema,
    })
    .describe("which flow runs when"),
  articles: z
    .strictObject({ calm: idSchema, plan: idSchema })
    .describe("which article the words of the same name lead to"),
  /** Services whose numbers stand in every fallback and on the page, in this order. */
  hotlines: z.array(idSchema).min(1),
  show_pending: z.boolean().describe("show articles that still wait for their professional review"),
  gap_minutes: minutes.describe(
    "after this long without a word, nothing sensitive before it is known to be her",
  ),
  emergency_repeat_minutes: minutes.describe("the emergency card is not repeated within this time"),
  waiting_told_minutes: minutes.describe("while she waits, a short word to her messages at most this often"),
  /** After how long in the queue the people on duty are called again, per level. */
  page_again_minutes: z.strictObject({
    emergency: minutes,
    high: minutes,
    medium: minutes,
    low: minutes,
    none: minutes,
  }),
  emergency_case_without_asking: z
    .boolean()
    .describe(
      "the written exception of design rule 8: imminent danger to life puts the case before counsellors unasked",
    ),
  flood_per_minute: z
    .number()
    .int()
    .positive()
    .describe(
      "more messages of one conversation within a minute are heard, but answered only with the numbers",
    ),
  effort: z
    .strictObject({
      openings: z.number().int().positive(),
      minutes,
      bits: z.number().int().min(1).max(24),
      max_bits: z.number().int().min(1).max(24),
      wait_seconds: z.number().int().positive(),
    })
    .describe(
      "on the web page: more new conversations than this from one place within so many minutes, or twenty times as many from all together, ask the next browser to search a number (each bit doubles the work), or to wait",
    ),
  elsewhere_minutes: minutes
    .default(15)
    .describe(
      "after a human wrote to her in the platform's own app for staff, the machine is silent this long after the last of those words",
    ),
  forum: z
    .strictObject({
      shows_words: z
        .boolean()
        .default(false)
        .describe(
          "show what she writes in the counsellors' Telegram group too: then Telegram, a company abroad, and every member of the group can read it",
        ),
      lang: z.enum(LANGS).default("vi"),
    })
    .prefault({})
    .describe("the counsellors' Telegram group (TELEGRAM_DESK_GROUP), a topic per case"),
  alarms: z
    .strictObject({
      quiet_times: z
        .number()
        .positive()
        .default(8)
        .describe("nothing came on a channel although so many messages would usually have come by now"),
      quiet_at_least_minutes: minutes.default(20),
      refused_share: z
        .number()
        .min(0.01)
        .max(1)
        .default(0.5)
        .describe("so large a part of the deliveries of half an hour failed"),
      refused_at_least: z.number().int().positive().default(5),
      hidden_times: z
        .number()
        .positive()
        .default(2)
        .describe("so many times as many senders as usual whom the platform hides and nobody can answer"),
      hidden_at_least: z.number().int().positive().default(3),
    })
    .prefault({})
    .describe("when whoever runs this is called because of a channel"),
  retention: z.strictObject({
    closed_transcript_hours: z.number().positive(),
    idle_conversation_days: z.number().positive(),
    handled_events_hours: z.number().positive(),
    wipe_hours: z
      .number()
      .positive()
      .max(47)
      .default(46)
      .describe(
        "where the app lets us delete messages from her phone only for 48 hours (Telegram), both sides' are deleted after this",
      ),
    left_hours: z
      .number()
      .positive()
      .describe("after she blocked or unfollowed us everything of hers is destroyed, unless a case is open"),
  }),
  rights: z
    .strictObject({
      version: z
        .string()
        .min(1)
        .describe("of the text that tells what happens with her words; change it with the text"),
      answer_days: z.number().int().positive().describe("working days to a first answer"),
      due_days: z.strictObject({ access: days, correct: days, delete: days, restrict: days }),
      breach_hours: z
        .number()
        .positive()
        .describe("within this time after its discovery the authority is told of a breach"),
    })
    .describe("requests by the law on personal data (91/2025, 356/2025)"),
  outcomes: z.array(z.strictObject({ id: idSchema, label: bilingualSchema })).min(1),
  review_by_second_person: z
    .boolean()
    .default(false)
    .describe(
      "an article is published by somebody else than who wrote the draft; false lets one person alone try the service",
    ),
  model: z
    .strictObject({
      enabled: z
        .boolean()
        .describe("the kill switch: false sends nothing to a language model, from the next question on"),
      doors: z
        .array(z.enum(MODEL_DOORS))
        .describe("who may get an answer that a model has shortened; never anybody at risk"),
      timeout_ms: z
        .number()
        .int()
        .min(500)
        .max(20_000)
        .default(6_000)
        .describe("after this long the passage itself is sent"),
    })
    .default({ enabled: false, doors: [], timeout_ms: 6_000 })
    .describe("shortening of approved passages by a language model; off unless an administrator opens it"),
});
export type SettingsFile = z.infer<typeof settingsSchema>;
export type EffortSettings = SettingsFile["effort"];

/** Every text that the machine says outside flows and articles; `flows/texts.yaml` must have them all. */
export const TEXT_KEYS = [
  "exit.line",
  "exit.by_hand",
  "gate.ask",
  "gate.yes",
  "gate.no",
  "decoy",
  "refused.group",
  "refused.bot",
  "media.only_text",
  "media.beside",
  "media.location",
  "media.voice",
  "unreadable",
  "unreadable.page",
  "language.changed",
  "yes",
  "no",
  "skip",
  "back.done",
  "back.nowhere",
  "unclear",
  "heard",
  "flow.returned",
  "answer.lead",
  "answer.source",
  "answer.pending",
  "answer.next",
  "answer.machine",
  "answer.none",
  "answer.nearest",
  "answer.above_level",
  "answer.gone",
  "answer.changed",
  "choice.human",
  "choice.menu",
  "choice.numbers",
  "counsellor.joined",
  "counsellor.left",
  "counsellor.closed",
  "elsewhere.ended",
  "late.sorry",
  "place.next",
  "place.ahead",
  "waiting.told",
  "waiting.told_nobody",
  "waiting.update",
  "retracted",
  "retracted.grave",
  "undelivered",
  "fallback",
  "too_long",
  "forget.done",
  "empty",
  "emoji",
  "here",
  "gate.word",
  "gate.attempts",
  "words.too_long",
  "words.taken",
  "hours.unclear",
  "hours.none",
  "after_pause",
  "what_is_this",
  "flood",
  "feedback.yes",
  "feedback.no",
  "feedback.thanks",
  "feedback.sorry",
  "goodbye",
  "goodbye.danger",
  "not_your_fault",
  "where_to_go",
  "tells_nobody",
  "admitted",
  "heard.other_life",
  "why_asked",
  "welcome",
  "no_sorry",
  "answer.same",
  "heard.again",
  "heard.urgent",
  "heard.urgent_more",
  "heard.urgent_child",
  "heard.life",
  "heard.child",
  "heard.strangled",
  "heard.hurt",
  "heard.sexual",
  "heard.own",
  "heard.baby",
  "waiting.called",
  "waiting.called_nobody",
  "waiting.question",
  "waiting.noted",
  "waiting.no_more",
  "counsellor.silent",
  "cannot_call",
  "heard.more",
  "heard.still",
  "heard.took",
  "counsellor.gone",
  "calmer",
  "answer.above_level_nobody",
] as const;
export type TextKey = (typeof TEXT_KEYS)[number];

/**
 * Texts that came after the first release. An operator's own texts do not have them until somebody writes them, and must
 * serve all the same: then the other one is said, or nothing (null).
 */
export const LATER_TEXTS: Readonly<Partial<Record<TextKey, TextKey | null>>> = {
  "answer.gone": "answer.none",
  "answer.changed": null,
  goodbye: "here",
  "goodbye.danger": "goodbye",
  not_your_fault: "heard",
  where_to_go: null,
  tells_nobody: null,
  admitted: "heard",
  "heard.other_life": "heard.urgent",
  why_asked: "unclear",
  welcome: "here",
  no_sorry: "here",
  "answer.same": "answer.none",
  "heard.again": "heard",
  "heard.urgent": "heard",
  "heard.life": null,
  "heard.child": null,
  "heard.strangled": null,
  "heard.hurt": null,
  "heard.sexual": null,
  "heard.own": null,
  "waiting.called": "waiting.told",
  "waiting.called_nobody": "waiting.told_nobody",
  "waiting.question": "waiting.told",
  "waiting.noted": "here",
  "waiting.no_more": "waiting.told",
  "counsellor.silent": "waiting.told_nobody",
  "counsellor.gone": "counsellor.closed",
  calmer: "here",
  "answer.above_level_nobody": "answer.above_level",
  cannot_call: null,
  "heard.more": "heard.again",
  "heard.still": "heard.again",
  "heard.took": "heard.life",
  "heard.urgent_more": "heard.urgent",
  "heard.urgent_child": "heard.urgent",
  "heard.baby": "heard.own",
  "retracted.grave": "retracted",
  "unreadable.page": null,
  "media.beside": null,
  "media.location": "media.only_text",
  "media.voice": "media.only_text",
};

/** `flows/texts.yaml`: those above, and the page's own under `page.…`. */
export const textsSchema = z.record(z.string(), bilingualSchema).superRefine((texts, ctx) => {
  for (const key of TEXT_KEYS) {
    if (!(key in texts) && !(key in LATER_TEXTS))
      ctx.addIssue({ code: "custom", path: [key], message: `the text "${key}" is missing` });
  }
});

/** `flows/words.yaml`: what a whole message must be (marks, case and punctuation aside) to be a command. */
export const WORD_KEYS = [
  "exit",
  "forget",
  "human",
  "menu",
  "numbers",
  "skip",
  "back",
  "yes",
  "no",
  "english",
  "vietnamese",
  "retract",
  "unsafe_now",
  "snoop",
  "what_is_this",
  "my_words",
  "safe_hours",
  "my_data",
  "calm",
  "plan",
  "small_talk",
] as const;
export type WordKey = (typeof WORD_KEYS)[number];
const wordLineSchema = z
  .string()
  .min(1)
  .refine((line) => countWays(line) <= MAX_WAYS, `one line stands for at most ${MAX_WAYS} messages`);
export const wordsSchema = z.strictObject(
  Object.fromEntries(WORD_KEYS.map((k) => [k, z.array(wordLineSchema).min(1)])) as Record<
    WordKey,
    z.ZodArray<z.ZodString>
  >,
);

/**
 * Lists that came after the first release. They stand in `flows/texts.yaml` as `words.KEY`, with ";" between, because a
 * build of before would not start with a list in `words.yaml` that it does not know. Without them (an operator's own
 * texts) such words are a question like any other.
 */
export const LATER_WORD_KEYS = [
  "who_are_you",
  "machine",
  "goodbye",
  "happened",
  "asking",
  "calling",
  "why",
  "nobody",
  "sorry",
  "thanks",
  "no_more",
  "wish",
  "call_for_me",
  "calmer",
] as const;
export type LaterWordKey = (typeof LATER_WORD_KEYS)[number];

export interface Settings extends SettingsFile {
  readonly texts: Readonly<Record<string, Bilingual>>;
  /** Folded, by kind. */
  readonly words: Readonly<Record<WordKey | LaterWordKey, ReadonlySet<string>>>;
}

/** The text of a key in her language; a missing page text is its key, so that a hole is seen. */
export function textOf(settings: Settings, key: TextKey, lang: Lang): string {
  const own = settings.texts[key]?.[lang];
  if (own !== undefined) return own;
  const other = LATER_TEXTS[key];
  return other === undefined ? key : other === null ? "" : textOf(settings, other, lang);
}
