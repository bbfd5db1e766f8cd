/** The editors' screens: open, check, save, publish, history, return, trying out, ask, unanswered, files in and out. */

import { z } from "@hono/zod-openapi";
import {
  answerCountsShape,
  askedInVainShape,
  bilingualShape,
  bundleFileShape,
  channelShape,
  evaluationShape,
  groupShape,
  hitShape,
  itemShape,
  kindShape,
  langShape,
  levelShape,
  previewShape,
  problemShape,
  revisionShape,
  talkLineShape,
} from "./present.ts";
import { type ApiApp, addRoute, type Wing } from "./route.ts";

const EDITORS = ["editor", "administrator"] as const;
const EVERY_EXPERT = ["counsellor", "supervisor", "editor", "administrator"] as const;

/** Longest source of one item, in UTF-16 units. */
export const MAX_SOURCE = 400_000;

const which = { kind: kindShape, key: z.string().min(1).max(200) };
const source = z.string().max(MAX_SOURCE);
const number = z.number().int().min(0);
const problems = z.array(problemShape);

export function contentRoutes(app: ApiApp, wing: Wing): void {
  writingRoutes(app, wing);
  publishingRoutes(app, wing);
  tryingRoutes(app, wing);
  questionRoutes(app, wing);
  fileRoutes(app, wing);
}

function writingRoutes(app: ApiApp, wing: Wing): void {
  const { editorial } = wing.services;
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/items",
    summary: "Everything of one kind, with its state",
    door: EDITORS,
    query: { kind: kindShape },
    answer: { items: z.array(itemShape), secondPerson: z.boolean() },
    run: ({ kind }, by) => editorial.list(by, kind),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/item",
    summary: "The newest draft, else what is published",
    door: EDITORS,
    query: which,
    answer: {
      title: bilingualShape,
      file: z.string(),
      source: z.string(),
      number: z.number(),
      state: z.enum(["draft", "published"]),
      isOvertaken: z.boolean(),
      draftBy: z.string().nullable(),
      secondPerson: z.boolean(),
      publishedNumber: z.number().nullable(),
      publishedSource: z.string().nullable(),
      problems,
    },
    run: ({ kind, key }, by) => editorial.open(by, kind, key),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/schema",
    summary: "JSON Schema of a kind",
    door: EDITORS,
    query: { kind: kindShape },
    answer: { schema: z.unknown() },
    run: async ({ kind }) => ({ ok: true, schema: editorial.schema(kind) }),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/create",
    summary: "A new article or directory file as a first draft, from a template",
    door: EDITORS,
    body: {
      kind: z.enum(["article", "service"]),
      key: z.string().min(1).max(60),
      questions: z.array(z.string().max(500)).max(30).default([]),
    },
    answer: { number: z.number() },
    run: (b, by) => editorial.create(by, b.kind, b.key, b.questions),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/discard",
    summary: "Throw a draft away; it stays in the history",
    door: EDITORS,
    body: { ...which, number },
    answer: {},
    run: (b, by) => editorial.discard(by, b.kind, b.key, b.number),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/check",
    summary: "Check a text without keeping it",
    door: EDITORS,
    body: { ...which, source },
    answer: { problems },
    run: ({ kind, key, source }, by) => editorial.check(by, kind, key, source),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/save",
    summary: "Save a draft; refused as stale when somebody else saved meanwhile",
    door: EDITORS,
    body: { ...which, source, basedOn: number },
    answer: { number: z.number(), problems },
    run: (b, by) => editorial.save(by, b.kind, b.key, b.source, b.basedOn),
  });
}

function publishingRoutes(app: ApiApp, wing: Wing): void {
  const { editorial } = wing.services;
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/publish",
    summary: "Publish a revision",
    door: EDITORS,
    body: {
      ...which,
      number,
      note: z.string().trim().max(500).default(""),
      accept: z.string().trim().max(500).default(""),
    },
    answer: { edition: z.number(), settled: z.number() },
    run: (b, by) => editorial.publish(by, b.kind, b.key, b.number, b.note, b.accept),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/evaluate",
    summary: "What publishing this would change in the golden questions or in what is heard",
    door: EDITORS,
    body: { ...which, source },
    answer: evaluationShape,
    run: (b, by) => editorial.evaluate(by, b.kind, b.key, b.source),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/revert",
    summary: "Publish a copy of an older revision",
    door: EDITORS,
    body: { ...which, number },
    answer: { edition: z.number() },
    run: (b, by) => editorial.revert(by, b.kind, b.key, b.number),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/history",
    summary: "All revisions",
    door: EDITORS,
    query: which,
    answer: { revisions: z.array(revisionShape) },
    run: ({ kind, key }, by) => editorial.history(by, kind, key),
  });
}

function tryingRoutes(app: ApiApp, wing: Wing): void {
  const { editorial } = wing.services;
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/simulate",
    summary: "Play a conversation with drafts; nothing is kept",
    door: EDITORS,
    body: {
      drafts: z.array(z.object({ ...which, source })).max(5),
      said: z
        .array(
          z.object({
            text: z.string().max(20_000).optional(),
            choice: z.string().max(200).optional(),
            waitMs: z
              .number()
              .int()
              .min(0)
              .max(366 * 86_400_000)
              .optional(),
          }),
        )
        .max(300),
      channel: channelShape,
      lang: langShape,
      flow: z.string().max(200).optional(),
    },
    answer: { lines: z.array(talkLineShape), level: levelShape, talk: z.string() },
    run: ({ said, flow, ...ask }, by) =>
      editorial.simulate(by, {
        ...ask,
        said: said.map((s) => ({
          ...(s.text !== undefined ? { text: s.text } : {}),
          ...(s.choice !== undefined ? { choice: s.choice } : {}),
          ...(s.waitMs !== undefined ? { waitMs: s.waitMs } : {}),
        })),
        ...(flow ? { flow } : {}),
      }),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/preview",
    summary: "Every message that this text can make, as each channel shows it",
    door: EDITORS,
    body: { ...which, source, lang: langShape },
    answer: { messages: z.array(previewShape) },
    run: (b, by) => editorial.preview(by, b.kind, b.key, b.source, b.lang),
  });
}

function questionRoutes(app: ApiApp, wing: Wing): void {
  const { editorial } = wing.services;
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/ask",
    summary: "Ask a question and see how passages rank (a body, so that no log keeps the question)",
    door: EVERY_EXPERT,
    body: {
      question: z.string().trim().min(1).max(2000),
      lang: langShape,
      before: z.string().trim().max(2000).default(""),
    },
    answer: { answered: z.boolean(), hits: z.array(hitShape) },
    run: ({ question, lang, before }, by) => editorial.ask(by, question, lang, before),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/unanswered",
    summary: "Questions that found no answer, already redacted",
    door: EDITORS,
    answer: {
      questions: z.array(askedInVainShape),
      groups: z.array(groupShape),
      counts: answerCountsShape,
    },
    run: (_, by) => editorial.unanswered(by),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/settle",
    summary: "These questions need no article: they leave the list",
    door: EDITORS,
    body: { ids: z.array(z.string().max(40)).min(1).max(300) },
    answer: {},
    run: ({ ids }, by) => editorial.settle(by, ids),
  });
}

/** Files go as JSON: the browser packs and unpacks, so that no server ever unfolds an archive. */
function fileRoutes(app: ApiApp, wing: Wing): void {
  const { editorial } = wing.services;
  addRoute(app, wing, {
    method: "get",
    path: "/api/content/files",
    summary: "Everything edited as files, byte for byte as in flows/ and knowledge/",
    door: EDITORS,
    answer: { files: z.array(bundleFileShape) },
    run: (_, by) => editorial.exportFiles(by),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/content/import",
    summary: "Take files in as drafts, all or none",
    door: EDITORS,
    body: { files: z.array(bundleFileShape).min(1).max(5_000) },
    answer: { taken: z.array(z.string()), same: z.number(), other: z.array(z.string()) },
    run: ({ files }, by) => editorial.importFiles(by, files, { publish: false }),
  });
}
