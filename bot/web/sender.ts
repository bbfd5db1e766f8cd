/** Where a request came from, as a keyed hash that means nothing the next day: for rate limits, never kept or logged. */

import { isIP } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import type { Wing } from "./route.ts";

const DAY_MS = 86_400_000;

/** A short keyed hash, for all processes the same, and another one tomorrow (UTC). */
export function shortHash({ services, now }: Wing, text: string): string {
  return services.page.sign(`sender:${Math.floor(now() / DAY_MS)}:${text}`).slice(0, 22);
}

/** The network address of whoever asked, hashed. Behind a proxy on a private network, the address that the proxy saw. */
export function senderHash(wing: Wing, c: Context): string {
  const peer = peerAddress(c);
  const forwarded = isPrivate(peer) ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  return shortHash(wing, placeOf(forwarded || peer));
}

/** One line of IPv6 has 2^64 addresses of its own: the network is the place, not the last half. */
function placeOf(address: string): string {
  if (isIP(address) !== 6 || /^::ffff:/i.test(address)) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return groups
    .slice(0, 4)
    .map((g) => Number.parseInt(g, 16).toString(16))
    .join(":");
}

/** Asked from this machine or its private network, and not through a proxy: an operator, not the public. */
export function isNear(c: Context): boolean {
  return (
    isPrivate(peerAddress(c)) &&
    c.req.header("x-forwarded-for") === undefined &&
    c.req.header("forwarded") === undefined
  );
}

function peerAddress(c: Context): string {
  // Without a socket (a request made inside the process) there is no environment to read the address from.
  if (!(c.env as { incoming?: unknown } | undefined)?.incoming) return "127.0.0.1";
  return getConnInfo(c).remote.address ?? "unknown";
}

function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, "");
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:)/i.test(plain);
}
