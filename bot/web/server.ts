/** The web wing: puts the parts together, in order, and is the only one that turns a bug into an answer. */

import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import type { Services } from "../app/services.ts";
import type { Log } from "../ports/log.ts";
import { adminRoutes } from "./admin.ts";
import { consoleRoutes } from "./console-files.ts";
import { contentRoutes } from "./content.ts";
import { deskRoutes } from "./desk.ts";
import { healthRoutes } from "./health.ts";
import type { Door } from "./hooks.ts";
import { loginRoutes } from "./login.ts";
import { pageRoutes } from "./page.ts";
import { showTooLarge, showTrouble } from "./page-forms.ts";
import { missingPageTexts } from "./page-texts.ts";
import { privacyRoutes } from "./privacy.ts";
import { type ApiApp, refuse, type Wing } from "./route.ts";
import { securityHeaders } from "./security.ts";

/** A person's words (20,000 characters, form-encoded) fit; a flood does not. */
export const MAX_PAGE_BYTES = 256 * 1024;
/** Drafts of long articles and flows. */
const MAX_API_BYTES = 2 * 1024 * 1024;
/** All of an installation's texts at once, more than twice over. */
export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;
const IMPORT = "/api/content/import";

export interface ServerParts {
  readonly services: Services;
  readonly log: Log;
  /** As people reach it: https makes cookies Secure and sends HSTS. */
  readonly publicUrl: string;
  /** The built console (`dist/console`). */
  readonly consoleDir: string;
  /** For limits; the system's clock unless a test moves it. */
  readonly now?: () => number;
}

/** Everything that the world can ask of us over HTTP but webhooks (`hooks.ts`), without a port. */
export function makeServer(parts: ServerParts): ApiApp {
  const wing: Wing = { now: Date.now, ...parts };
  const app: ApiApp = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return;
      // Which field, never what was in it.
      const problems = result.error.issues.map((i) => ({ field: i.path.join("."), message: i.message }));
      return refuse(c, "bad_request", "Something in the request is missing or wrong.", problems);
    },
  });
  warnOfMissingTexts(wing);

  app.use(securityHeaders(parts.publicUrl));
  app.use("/", compress());
  app.use("/console/*", compress());
  app.route("/", healthRoutes(parts.services.health));
  const tooLarge = (c: Context) => refuse(c, "too_large", "That is too long.");
  app.use("/api/page/*", bodyLimit({ maxSize: MAX_PAGE_BYTES, onError: tooLarge }));
  app.use(IMPORT, bodyLimit({ maxSize: MAX_IMPORT_BYTES, onError: tooLarge }));
  const usual = bodyLimit({ maxSize: MAX_API_BYTES, onError: tooLarge });
  app.use("/api/*", (c, next) => (c.req.path === IMPORT ? next() : usual(c, next)));
  for (const path of ["/say", "/start", "/look", "/leave"]) {
    app.use(path, bodyLimit({ maxSize: MAX_PAGE_BYTES, onError: (c) => showTooLarge(c, wing) }));
  }
  pageRoutes(app, wing);
  loginRoutes(app, wing);
  adminRoutes(app, wing);
  privacyRoutes(app, wing);
  deskRoutes(app, wing);
  contentRoutes(app, wing);
  app.route("/", consoleRoutes(parts.consoleDir));
  describePlainRoutes(app);
  app.doc31("/api/openapi.json", { openapi: "3.1.0", info: { title: "Bến An", version: "1" } });

  app.notFound((c) =>
    c.req.path.startsWith("/api/") ? refuse(c, "not_found", "There is nothing here.") : c.redirect("/", 302),
  );
  app.onError((error, c) => answerBug(error, c, wing));
  return app;
}

/** Routes that are not JSON in and out, for the description. */
function describePlainRoutes(app: ApiApp): void {
  const streams = [
    ["/api/page/stream", "Lines as they come; resumes after Last-Event-ID"],
    ["/api/desk/stream", "The queue whenever it changes"],
    ["/api/desk/cases/{id}/stream", "Lines and deliveries of one case; resumes after Last-Event-ID"],
  ] as const;
  for (const [path, summary] of streams) {
    const params = path.includes("{id}") ? { request: { params: z.object({ id: z.string() }) } } : {};
    const content = { "text/event-stream": { schema: z.string() } };
    app.openAPIRegistry.registerPath({
      method: "get",
      path,
      summary,
      ...params,
      responses: { 200: { description: "Server-sent events", content } },
    });
  }
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/api/page/leave",
    summary: "Quick exit: ends the session",
    responses: { 200: { description: "Ended" } },
  });
}

/** What a worker answers: only health and figures, for whoever watches over it. */
export function makeHealthServer(health: Services["health"]): ApiApp {
  const app: ApiApp = new OpenAPIHono();
  app.route("/", healthRoutes(health));
  return app;
}

export interface Serving {
  readonly port: number;
  readonly url: string;
  /** Takes no more requests, gives the open ones a moment, and ends the streams. */
  close(): Promise<void>;
}

/** Listens; `door` is asked before `app`. Rejects with the system's error (code EADDRINUSE …) when it cannot. */
export function serve(app: ApiApp, port: number, host: string, door: Door = () => false): Promise<Serving> {
  const listener = getRequestListener(app.fetch);
  const server = createServer((incoming, outgoing) => {
    if (!door(incoming, outgoing)) void listener(incoming, outgoing);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      const actual = typeof address === "object" && address ? address.port : port;
      resolve({
        port: actual,
        url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
        close: () => shut(server),
      });
    });
  });
}

/** How long a request that is being answered may still take when we stop. */
const GRACE_MS = 1_000;

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A bare "no" outside; inside a code and the place, never the message, which may hold a person's words. */
function answerBug(error: Error, c: Context, wing: Wing): Response | Promise<Response> {
  // Broken JSON is the asker's fault and comes as an exception with its own status.
  const status = "status" in error && typeof error.status === "number" ? error.status : 500;
  if (status >= 400 && status < 500) return refuse(c, "bad_request", "The request cannot be read.");
  if ("retry" in error && error.retry === true) return answerAway(c, wing);
  wing.log("error", "web.bug", { name: error.name, route: c.req.routePath, at: placeOf(error) });
  if (c.req.path.startsWith("/api/") || c.req.path.startsWith("/console")) {
    return refuse(c, "internal", "Something went wrong.");
  }
  return showTrouble(c, wing);
}

/** What all is kept in is away for a while: the platforms send again, the page and the console say it and try again. */
function answerAway(c: Context, wing: Wing): Response | Promise<Response> {
  wing.log("warn", "web.store_away", { route: c.req.routePath });
  c.header("Retry-After", "5");
  if (c.req.path.startsWith("/api/"))
    return refuse(
      c,
      "unavailable",
      "The service cannot reach its database. It goes on by itself; try again soon.",
    );
  return showTrouble(c, wing, 503);
}

/** The first frame of our own code: file, line and column. */
function placeOf(error: Error): string {
  const frame = error.stack?.split("\n").find((row) => /\/bot\/.*:\d+:\d+/.test(row));
  return frame?.match(/\/(bot\/[^():]+:\d+:\d+)/)?.[1] ?? "unknown";
}

function warnOfMissingTexts(wing: Wing): void {
  const missing = missingPageTexts(wing.services.page.front());
  if (missing.length > 0) wing.log("warn", "web.page_text_missing", { keys: missing.join(",") });
}
