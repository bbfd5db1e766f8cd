/** What leaves the server for staff, field by field; what is not named here does not leave. */

import { z } from "@hono/zod-openapi";
import { LEVELS } from "../core/level.ts";
import { CHANNEL_NAMES, LANGS } from "../core/message.ts";

export const bilingualShape = z.object({ vi: z.string(), en: z.string() });
const level = z.enum(LEVELS);
const time = z.number();

export const roleShape = z.enum(["counsellor", "supervisor", "editor", "administrator"]);
export const kindShape = z.enum(["flow", "article", "service", "rules", "settings"]);
export const stateShape = z.enum(["waiting", "claimed", "closed"]);
export const levelShape = level;
export const langShape = z.enum(LANGS);
export const channelShape = z.enum(CHANNEL_NAMES);

export const staffShape = z
  .object({ id: z.string(), login: z.string(), alias: z.string(), roles: z.array(roleShape) })
  .openapi("Staff");

export const staffRowShape = staffShape
  .extend({ disabled: z.boolean(), onDuty: z.boolean() })
  .openapi("StaffRow");

export const linkShape = z
  .object({
    id: z.string(),
    kind: z.enum(["invite", "reset"]),
    alias: z.string(),
    roles: z.array(roleShape),
    expiresAt: time,
  })
  .openapi("Link");

const cardFields = {
  id: z.string(),
  code: z.string(),
  state: stateShape,
  level,
  topic: z.string(),
  asked: z.boolean(),
  lang: langShape,
  channel: channelShape,
  openedAt: time,
  levelAt: time,
  lastPersonAt: time,
  unread: z.number(),
  awaitedSince: time.nullable(),
  isUnanswered: z.boolean(),
  personLeft: z.boolean(),
  claimedBy: z.object({ id: z.string(), alias: z.string() }).nullable(),
  isLeftAlone: z.boolean(),
  canTakeOver: z.boolean(),
  mine: z.boolean(),
  closedAt: time.nullable(),
  outcome: z.string().nullable(),
  headline: z.array(z.string()),
};
export const cardShape = z.object(cardFields).openapi("CaseCard");

export const fileShape = z
  .object({
    ...cardFields,
    reasons: z.array(z.object({ category: z.string(), evidence: z.string() })),
    answers: z.array(z.object({ question: z.string(), answer: z.string(), at: time })),
    notes: z.array(z.object({ id: z.string(), at: time, alias: z.string(), text: z.string() })),
    history: z.array(
      z.object({ at: time, actor: z.string(), action: z.string(), subject: z.string(), detail: z.string() }),
    ),
    replyWindow: z.object({
      until: time.nullable(),
      freeUntil: time.nullable(),
      budget: z.number().nullable(),
    }),
    held: z.array(
      z.object({
        text: z.string(),
        at: time,
        why: z.enum(["locked", "hours", "window"]),
        until: time.nullable(),
      }),
    ),
  })
  .openapi("CaseFile");

export const caseLineShape = z
  .object({
    n: z.number(),
    id: z.string(),
    from: z.enum(["person", "bot", "counsellor"]),
    at: time,
    text: z.string(),
    choices: z.array(z.string()),
    state: z.enum(["received", "queued", "sending", "sent", "unclear", "failed", "withheld"]),
    failure: z.string().optional(),
  })
  .openapi("CaseLine");

export const outcomeShape = z.object({ id: z.string(), label: bilingualShape });

export const problemShape = z
  .object({
    code: z.string(),
    message: z.string(),
    vi: z.string().optional(),
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    field: z.string().optional(),
    severity: z.enum(["error", "warning"]),
  })
  .openapi("Problem");

const articleCounts = { answered: z.int(), helped: z.int(), unhelped: z.int() };
export const askedInVainShape = z.object({
  id: z.string(),
  at: z.number(),
  question: z.string(),
  shown: z.object({ id: z.string(), title: bilingualShape.nullable() }).nullable(),
});
export const answerCountsShape = z.object({ ...articleCounts, unanswered: z.int(), askedAgain: z.int() });

export const itemShape = z
  .object({
    kind: kindShape,
    key: z.string(),
    title: bilingualShape,
    file: z.string(),
    published: z.number().nullable(),
    draft: z.object({ number: z.number(), by: z.string(), at: time, isOvertaken: z.boolean() }).nullable(),
    problems: z.number(),
    reviewState: z.enum(["pending", "approved"]).nullable(),
    reviewBy: z.string().nullable(),
    overdue: z.boolean(),
    counts: z
      .object({ ...articleCounts, parts: z.array(z.object({ part: z.int(), unhelped: z.int() })) })
      .nullable(),
    entries: z.array(
      z.object({
        id: z.string(),
        name: bilingualShape,
        line: z.number(),
        status: z.enum(["use", "verify"]),
        reviewState: z.enum(["pending", "approved"]),
        until: z.string(),
        overdue: z.boolean(),
      }),
    ),
  })
  .openapi("ContentItem");

export const revisionShape = z
  .object({
    number: z.number(),
    state: z.string(),
    by: z.string(),
    writtenBy: z.string(),
    at: time,
    note: z.string(),
    source: z.string(),
  })
  .openapi("Revision");

const choiceShape = z.object({
  label: z.string(),
  kind: z.enum(["answer", "call", "link"]),
  value: z.string(),
  style: z.enum(["danger", "quiet"]).optional(),
});

const bubbleShape = z
  .object({
    text: z.string(),
    buttons: z.array(
      z.object({
        label: z.string(),
        kind: z.enum(["answer", "call", "link"]),
        style: z.enum(["danger", "quiet"]).optional(),
      }),
    ),
    units: z.number(),
    limit: z.number(),
  })
  .openapi("Bubble");

export const talkLineShape = z
  .object({
    who: z.enum(["person", "bot", "effect"]),
    text: z.string(),
    choices: z.array(choiceShape),
    shown: z.array(bubbleShape),
  })
  .openapi("TalkLine");

export const previewShape = z
  .object({
    name: z.string(),
    shown: z.array(z.object({ channel: channelShape, bubbles: z.array(bubbleShape) })),
  })
  .openapi("Preview");

const nearestShape = z.object({ question: z.string(), likeness: z.number() }).nullable();

export const hitShape = z
  .object({
    id: z.string(),
    title: z.string(),
    text: z.string(),
    score: z.number(),
    why: z
      .object({
        nearest: nearestShape,
        unaided: nearestShape,
        words: z.array(
          z.object({
            word: z.string(),
            in: z.array(z.enum(["title", "questions", "text"])),
            articles: z.number(),
          }),
        ),
      })
      .nullable(),
    entry: z
      .object({ kind: z.string(), provinces: z.array(z.string()).nullable(), until: z.string() })
      .nullable(),
  })
  .openapi("Hit");

const verdictShape = z.object({ first: z.string().nullable(), answered: z.boolean(), right: z.boolean() });

const answerChanges = z.array(
  z.object({
    answers: z.array(z.object({ question: z.string(), said: z.enum(["yes", "skipped", "follow_up"]) })),
    before: level,
    after: level,
  }),
);

export const evaluationShape = {
  golden: z
    .object({
      asked: z.number(),
      rightBefore: z.number(),
      rightAfter: z.number(),
      changes: z.array(
        z.object({
          question: z.string(),
          ids: z.array(z.string()),
          before: verdictShape,
          after: verdictShape,
          kind: z.enum(["fell", "rose", "other"]),
        }),
      ),
    })
    .nullable(),
  rules: z
    .object({
      heard: z.number(),
      changed: z.array(z.object({ text: z.string(), label: level, before: level, after: level })),
      falls: z.array(
        z.object({
          figure: z.enum(["agreement", "serious", "emergency", "harmlessRaised", "twoTooLow"]),
          before: z.number(),
          after: z.number(),
          of: z.number(),
        }),
      ),
    })
    .nullable(),
  instruments: z
    .array(z.object({ id: z.string(), barred: answerChanges, falls: answerChanges, rises: answerChanges }))
    .nullable(),
};

export const groupShape = z
  .object({ question: z.string(), ids: z.array(z.string()), at: time })
  .openapi("Group");

export const bundleFileShape = z
  .object({ path: z.string().max(300), text: z.string().max(1_000_000) })
  .openapi("BundleFile");

export const pageLineShape = z
  .object({
    n: z.number(),
    from: z.enum(["you", "bot", "counsellor"]),
    at: time,
    text: z.string(),
    choices: z.array(choiceShape),
    lang: langShape.nullable(),
  })
  .openapi("PageLine");
