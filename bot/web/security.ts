/** What every answer carries, who may change state, and the cookies: all of it denies when something is missing. */

import { createHash, randomBytes } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** Every state-changing API call carries this header: a form on another site cannot send it. */
export const ASKED_BY = "x-asked-by";

/** Sent with each answer; a handler may set its own Content-Security-Policy and Cache-Control before. */
export function securityHeaders(publicUrl: string): MiddlewareHandler {
  const https = isHttps(publicUrl);
  return async (c, next) => {
    await next();
    const headers = c.res.headers;
    const put = (name: string, value: string) => headers.has(name) || headers.set(name, value);
    put("Content-Security-Policy", policy({}));
    put("Cache-Control", "no-store");
    put("Referrer-Policy", "no-referrer");
    put("X-Content-Type-Options", "nosniff");
    put("X-Frame-Options", "DENY");
    put("Cross-Origin-Opener-Policy", "same-origin");
    put("Cross-Origin-Resource-Policy", "same-origin");
    put(
      "Permissions-Policy",
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    );
    if (https) put("Strict-Transport-Security", "max-age=31536000");
  };
}

/** A strict policy: nothing but what is named. Inline code only by the hash or nonce given. */
export function policy(allow: {
  script?: string;
  style?: string;
  font?: string;
  connect?: string;
  img?: string;
  noMarkup?: boolean;
  form?: string;
}): string {
  return [
    "default-src 'none'",
    `script-src ${allow.script ?? "'none'"}`,
    `style-src ${allow.style ?? "'none'"}`,
    `img-src ${allow.img ?? "'none'"}`,
    `font-src ${allow.font ?? "'none'"}`,
    `connect-src ${allow.connect ?? "'none'"}`,
    "base-uri 'none'",
    `form-action 'self'${allow.form ? ` ${allow.form}` : ""}`,
    "frame-ancestors 'none'",
    // noMarkup: no string may ever become markup in this page; there is no policy that could make one trusted.
    ...(allow.noMarkup ? ["require-trusted-types-for 'script'", "trusted-types 'none'"] : []),
  ].join("; ");
}

/** The source expression that allows one inline script or style. */
export function inlineHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

export function freshNonce(): string {
  return randomBytes(16).toString("base64");
}

/** Did our own page ask? By Sec-Fetch-Site, else by Origin; neither is "no". */
export function isSameOrigin(c: Context, publicUrl: string): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  if (origin === undefined || origin === "null" || !URL.canParse(origin)) return false;
  const host = new URL(origin).host;
  return (
    host === c.req.header("host") || host === new URL(c.req.url).host || host === new URL(publicUrl).host
  );
}

/** May this API call change state? Our own page, and with our header. */
export function mayChange(c: Context, publicUrl: string): boolean {
  return c.req.header(ASKED_BY) !== undefined && isSameOrigin(c, publicUrl);
}

/**
 * s, d: for the browser's session only; k: stays on a device of staff; x: set by the page itself when she leaves and we may
 * be out of reach. All are named so that they say nothing.
 */
export type CookieName = "s" | "d" | "k" | "x";
const KEPT_SECONDS = 180 * 86_400;

export function readCookie(c: Context, name: CookieName, publicUrl: string): string | undefined {
  return getCookie(c, name, isHttps(publicUrl) ? "host" : undefined) || undefined;
}

export function writeCookie(c: Context, name: CookieName, value: string, publicUrl: string): void {
  const secure = isHttps(publicUrl);
  setCookie(c, name, value, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure,
    ...(name === "k" ? { maxAge: KEPT_SECONDS } : {}),
    ...(secure ? { prefix: "host" as const } : {}),
  });
}

/** What the page's script sets when she leaves: no request of this browser opens her session after it. */
export function leftMark(publicUrl: string): string {
  return isHttps(publicUrl) ? "__Host-x=1; path=/; secure; samesite=strict" : "x=1; path=/; samesite=strict";
}

export function dropCookie(c: Context, name: CookieName, publicUrl: string): void {
  const secure = isHttps(publicUrl);
  deleteCookie(c, secure ? `__Host-${name}` : name, { path: "/", secure });
}

/**
 * Proof that a plain form was rendered for this very session. Needed because our no-referrer policy makes browsers
 * send `Origin: null` with forms, and old ones send no Sec-Fetch-Site.
 */
export function formProof(token: string): string {
  return createHash("sha256").update(`form:${token}`).digest("base64url").slice(0, 22);
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}
