/** The session of a browser on the survivors' page: its cookie, the effort that a new one may cost, its end. */

import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { PageLine } from "../app/services.ts";
import type { Lang } from "../core/message.ts";
import type { Effort, Gatekeeper } from "./effort.ts";
import type { Wing } from "./route.ts";
import { dropCookie, readCookie, writeCookie } from "./security.ts";
import { senderHash } from "./sender.ts";

export const MAX_TEXT = 20_000;
export const MAX_CHALLENGE = 200;

/** Names one thing that is said, so that a repeat is taken once. */
export const writeKey = z.string().min(8).max(80);

export interface Session {
  readonly token: string;
  readonly lines: readonly PageLine[];
  /** The gate is closed: what was said before it is not among the lines. */
  readonly isLocked: boolean;
}

export interface PageLimits {
  /** How long this session has to wait before it may say more, in ms. */
  readonly write: (token: string) => Promise<number>;
  readonly gate: Gatekeeper;
}

/** The token of this browser's session; none when she has left it. */
export function tokenOf(c: Context, wing: Wing): string | undefined {
  return readCookie(c, "x", wing.publicUrl) ? undefined : readCookie(c, "s", wing.publicUrl);
}

/** She left while we were out of reach: what her browser still carries opens nothing, and is ended now. */
export function endLeftSession(wing: Wing): MiddlewareHandler {
  return async (c, next) => {
    if (!readCookie(c, "x", wing.publicUrl)) return next();
    await endSession(c, wing).catch(() => wing.log("warn", "web.left_not_ended", { route: c.req.routePath }));
    return next();
  };
}

/** The session that this browser has, while it can be read and has not ended. */
export async function liveSession(c: Context, wing: Wing): Promise<Session | null> {
  const token = tokenOf(c, wing);
  if (!token) return null;
  const result = await wing.services.page.read(token, 0);
  if (!result.ok || result.ended) return null;
  return { token, lines: result.lines, isLocked: result.isLocked === true };
}

/** The language in which the talk goes on; null before our first words. */
export function langOfTalk(session: Session | null): Lang | null {
  return session?.lines.findLast((line) => line.lang !== null)?.lang ?? null;
}

/** A new session, or the effort that is asked first. `made`: what the browser says of an effort that it was asked. */
export async function newToken(
  c: Context,
  wing: Wing,
  { gate }: PageLimits,
  made?: { challenge: string; number?: number | undefined },
): Promise<string | Effort> {
  const place = senderHash(wing, c);
  const verdict = made && (await gate.judge(place, made, wing.now()));
  if (verdict !== "made") {
    const asked = await gate.ask(place, wing.now());
    // Who pressed too early goes on waiting for the same moment.
    if (asked) return verdict === "early" && made ? { ...asked, challenge: made.challenge } : asked;
  }
  const token = wing.services.page.open();
  writeCookie(c, "s", token, wing.publicUrl);
  c.set("newToken", token);
  return token;
}

export async function endSession(c: Context, wing: Wing): Promise<void> {
  const token = readCookie(c, "s", wing.publicUrl);
  dropCookie(c, "s", wing.publicUrl);
  if (readCookie(c, "x", wing.publicUrl)) dropCookie(c, "x", wing.publicUrl);
  // Not "cookies": that would also sign people out of the operator's other sites.
  c.header("Clear-Site-Data", '"cache", "storage"');
  if (token) await wing.services.page.leave(token);
}

/** A language by its name or a browser's wish. */
export function langOf(hint: string | undefined): Lang {
  // Vietnamese unless English is clearly asked for.
  return hint !== undefined && /^en\b/i.test(hint) ? "en" : "vi";
}
