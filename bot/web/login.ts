/** Signing in and out, invitations, one's own password. The session lives in a cookie that no script can read. */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Answer, Staff } from "../app/services.ts";
import { roleShape, staffShape } from "./present.ts";
import { type ApiApp, addRoute, type Wing } from "./route.ts";
import { dropCookie, readCookie, writeCookie } from "./security.ts";
import { senderHash, shortHash } from "./sender.ts";

/** Guesses at one account, and from one address (an office shares one). */
const PER_LOGIN = { burst: 10, everyMs: 60_000 };
const PER_ADDRESS = { burst: 40, everyMs: 10_000 };
/** Of all strangers together: a password costs a processor long enough that a thousand addresses could stop the page. */
const ALL = { burst: 40, everyMs: 250 };

const login = z.string().trim().min(1).max(100);
const password = z.string().min(1).max(200);
const linkToken = z.string().min(1).max(200);
const signedIn = { staff: staffShape };

export function loginRoutes(app: ApiApp, wing: Wing): void {
  const { accounts, limits } = wing.services;

  const deviceOf = (c: Context) => readCookie(c, "k", wing.publicUrl);
  /** `name`: whose password is guessed at; none where only a link could be. */
  const slowed = async (c: Context, name?: string): Promise<Answer<never> | null> => {
    const isHers = name !== undefined && deviceOf(c) === accounts.deviceMark(name);
    const who = isHers ? `device:${name}` : name;
    const waits = await Promise.all([
      ...(isHers ? [] : [limits.take(`from:${senderHash(wing, c)}`, PER_ADDRESS)]),
      ...(isHers || name === undefined ? [] : [limits.take("sign-in", ALL)]),
      ...(who === undefined ? [] : [limits.take(`login:${shortHash(wing, who)}`, PER_LOGIN)]),
    ]);
    const waitMs = Math.max(...waits);
    if (waitMs === 0) return null;
    c.header("Retry-After", String(Math.ceil(waitMs / 1000)));
    return { ok: false, code: "too_many", message: "Too many tries. Wait a little, then try again." };
  };
  const begin = (c: Context, result: Answer<{ session: string; staff: Staff }>): Answer<{ staff: Staff }> => {
    if (!result.ok) return result;
    writeCookie(c, "d", result.session, wing.publicUrl);
    writeCookie(c, "k", accounts.deviceMark(result.staff.login), wing.publicUrl);
    return { ok: true, staff: result.staff };
  };

  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/invitation",
    summary: "What an invitation is for (the token in the body, so that no log keeps it)",
    door: "anyone",
    body: { token: linkToken },
    answer: { roles: z.array(roleShape) },
    run: async ({ token }, c) => (await slowed(c)) ?? (await accounts.invitation(token)),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/accept",
    summary: "Make an account from an invitation and sign in",
    door: "anyone",
    body: {
      token: linkToken,
      login,
      alias: z.string().trim().min(1).max(60),
      password: z.string().min(12).max(200),
    },
    answer: signedIn,
    run: async ({ token, ...who }, c) => (await slowed(c)) ?? begin(c, await accounts.accept(token, who)),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/password-link-of",
    summary: "Whose password a link sets (the token in the body, so that no log keeps it)",
    door: "anyone",
    body: { token: linkToken },
    answer: { login: z.string(), alias: z.string() },
    run: async ({ token }, c) => (await slowed(c)) ?? (await accounts.passwordLinkOf(token)),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/set-password",
    summary: "Set a new password with such a link, end every session of the account, and sign in",
    door: "anyone",
    body: { token: linkToken, password: z.string().min(12).max(200) },
    answer: signedIn,
    run: async ({ token, password: fresh }, c) =>
      (await slowed(c)) ?? begin(c, await accounts.setPassword(token, fresh)),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/sign-in",
    summary: "Sign in",
    door: "anyone",
    body: { login, password },
    answer: signedIn,
    run: async (body, c) =>
      (await slowed(c, body.login.toLowerCase())) ??
      begin(c, await accounts.signIn(body.login, body.password, senderHash(wing, c), deviceOf(c))),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/sign-out",
    summary: "Sign out",
    door: "anyone",
    answer: {},
    run: async (_, c) => {
      const session = readCookie(c, "d", wing.publicUrl);
      if (session) await accounts.signOut(session);
      dropCookie(c, "d", wing.publicUrl);
      return { ok: true };
    },
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/staff/me",
    summary: "Who is signed in",
    door: "staff",
    answer: signedIn,
    run: async (_, by) => ({ ok: true, staff: by }),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/password",
    summary: "Change one's own password; ends every other session of the account",
    door: "staff",
    body: { old: password, fresh: z.string().min(12).max(200) },
    answer: signedIn,
    run: async ({ old, fresh }, by, c) =>
      (await slowed(c, by.login.toLowerCase())) ?? begin(c, await accounts.changePassword(by, old, fresh)),
  });
}
