/** Personal data for the operator: retention, requests by law, breaches. */

import { z } from "@hono/zod-openapi";
import { type ApiApp, addRoute, type Wing } from "./route.ts";

const ADMIN = ["administrator"] as const;
const code = z.string().min(1).max(20);
const breachKind = z.enum(["intrusion", "loss", "disclosure", "key", "other"]);
const breachStep = z.enum(["contained", "authority_told", "people_told", "closed"]);
const marked = z.object({ at: z.number(), by: z.string() });

export function privacyRoutes(app: ApiApp, wing: Wing): void {
  const { privacy } = wing.services;
  addRoute(app, wing, {
    method: "get",
    path: "/api/privacy/overview",
    summary: "How long each kind of data is kept, open requests by law, breaches",
    door: ADMIN,
    answer: {
      clocks: z.array(
        z.object({ kind: z.enum(["transcript", "idle", "left", "handled"]), keptMs: z.number() }),
      ),
      version: z.string(),
      requests: z.array(
        z.object({
          code: z.string(),
          kind: z.string(),
          openedAt: z.number(),
          answerBy: z.string(),
          doneBy: z.string(),
          answered: z.boolean(),
          overdue: z.boolean(),
        }),
      ),
      breaches: z.array(
        z.object({
          code: z.string(),
          kind: breachKind,
          discoveredAt: z.number(),
          recordedAt: z.number(),
          by: z.string(),
          note: z.string(),
          tellBy: z.number(),
          steps: z.partialRecord(breachStep, marked),
        }),
      ),
    },
    run: (_, by) => privacy.overview(by),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/privacy/request",
    summary: "Mark a request as answered or done",
    door: ADMIN,
    body: { code, act: z.enum(["answered", "done"]) },
    answer: {},
    run: ({ code, act }, by) => privacy.markRequest(by, code, act),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/privacy/breach",
    summary: "Record a breach of personal data; the clock of the law starts at its discovery",
    door: ADMIN,
    body: {
      kind: breachKind,
      discoveredAt: z.number().int().positive(),
      note: z.string().trim().min(1).max(1_000),
    },
    answer: { code: z.string() },
    run: (told, by) => privacy.recordBreach(by, told),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/privacy/breach-step",
    summary: "Mark what was done about a breach",
    door: ADMIN,
    body: { code, step: breachStep },
    answer: {},
    run: ({ code, step }, by) => privacy.markBreach(by, code, step),
  });
}
