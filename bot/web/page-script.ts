/** The survivors' page with a script: the calls it makes and the stream it listens to. */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Refusal } from "../app/services.ts";
import { lastSeen, stream } from "./live.ts";
import {
  endSession,
  liveSession,
  MAX_CHALLENGE,
  MAX_TEXT,
  newToken,
  type PageLimits,
  tokenOf,
  writeKey,
} from "./page-session.ts";
import { langShape, pageLineShape } from "./present.ts";
import { type ApiApp, addRoute, refuse, type Wing } from "./route.ts";
import { dropCookie, isSameOrigin } from "./security.ts";
import { shortHash } from "./sender.ts";

export function scriptRoutes(app: ApiApp, wing: Wing, limits: PageLimits): void {
  const { page, subscribe } = wing.services;
  const token = (c: Context) => tokenOf(c, wing);

  addRoute(app, wing, {
    method: "post",
    path: "/api/page/open",
    summary: "Begin an anonymous session (sets the cookie; writes nothing), or be asked for an effort first",
    door: "anyone",
    body: {
      effort: z
        .object({ challenge: z.string().max(MAX_CHALLENGE), number: z.number().int().optional() })
        .optional(),
    },
    answer: {
      effort: z.object({ challenge: z.string(), bits: z.number(), waitMs: z.number() }).optional(),
    },
    run: async ({ effort }, c) => {
      const live = await liveSession(c, wing);
      if (live) return { ok: true };
      if (token(c)) dropCookie(c, "s", wing.publicUrl);
      const made = await newToken(c, wing, limits, effort);
      return typeof made === "string" ? { ok: true } : { ok: true, effort: made };
    },
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/page/arrive",
    summary: "She opened the conversation: first words come",
    door: "anyone",
    body: { lang: langShape },
    answer: {},
    run: async ({ lang }, c) => {
      const mine = token(c);
      if (!mine) return noSession;
      // We say something each time: a flood of these is one of lines.
      const waitMs = await limits.write(mine);
      return waitMs > 0 ? slowed(c, waitMs) : page.arrive(mine, lang);
    },
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/page/write",
    summary: "Say something; a repeat with the same key is taken once",
    door: "anyone",
    body: {
      key: writeKey,
      text: z.string().max(MAX_TEXT).optional(),
      choice: z.string().max(200).optional(),
      lang: langShape.optional(),
    },
    answer: {},
    run: async ({ key, text, choice, lang }, c) => {
      const mine = token(c);
      if (!mine) return noSession;
      const waitMs = await limits.write(mine);
      if (waitMs > 0) return slowed(c, waitMs);
      return page.write(mine, {
        key,
        ...(text !== undefined ? { text } : {}),
        ...(choice !== undefined ? { choice } : {}),
        ...(lang !== undefined ? { lang } : {}),
      });
    },
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/page/lines",
    summary: "Lines after a number (for browsers whose stream does not get through)",
    door: "anyone",
    query: { after: z.coerce.number().int().min(0).default(0) },
    answer: { lines: z.array(pageLineShape), ended: z.boolean(), isLocked: z.boolean().nullable() },
    run: async ({ after }, c) => {
      const mine = token(c);
      return mine ? await page.read(mine, after) : noSession;
    },
  });

  app.get("/api/page/stream", async (c) => {
    const mine = token(c);
    let after = lastSeen(c);
    const first = mine ? await page.read(mine, after) : noSession;
    if (!mine || !first.ok) return refuse(c, "not_found", "There is no session.");
    // What the browser heard before it lost its line is not known: it is told anew.
    let locked: boolean | null = null;
    const response = stream(c, {
      owner: shortHash(wing, mine),
      topics: first.topic ? [first.topic] : [],
      subscribe,
      onBug: (error) =>
        wing.log("error", "web.stream_broke", { name: error instanceof Error ? error.name : "unknown" }),
      look: async () => {
        const now = await page.read(mine, after);
        if (!now.ok || now.ended) return { events: [{ event: "ended", data: {} }], done: true };
        after = now.lines.at(-1)?.n ?? after;
        const lines = now.lines.map((l) => ({
          event: "line",
          data: pageLineShape.parse(l),
          id: String(l.n),
        }));
        const turned = now.isLocked !== null && now.isLocked !== locked;
        locked = now.isLocked ?? locked;
        return {
          // What stands there is hidden before the gate's words come, and comes back after them.
          events: !turned
            ? lines
            : locked
              ? [{ event: "locked", data: {} }, ...lines]
              : [...lines, { event: "unlocked", data: {} }],
          // A session without a first word has no topic yet.
          topic: now.topic,
        };
      },
    });
    return response ?? refuse(c, "too_many", "Too many open windows.");
  });

  // Sent while the page is going away, where a browser cannot always add our header: the cookie is SameSite=Strict
  // and the origin is checked.
  app.post("/api/page/leave", async (c) => {
    if (!isSameOrigin(c, wing.publicUrl))
      return refuse(c, "cross_site", "This call must come from our own page.");
    await endSession(c, wing);
    return c.json({ ok: true });
  });
}

const noSession: Refusal = { ok: false, code: "not_found", message: "There is no session." };

function slowed(c: Context, waitMs: number): Refusal {
  c.header("Retry-After", String(Math.ceil(waitMs / 1000)));
  return {
    ok: false,
    code: "too_many",
    message: "Too fast. Wait a moment and send it again; the numbers on the page work now.",
  };
}
