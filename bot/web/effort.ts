/**
 * Many new conversations from one place: the next ones prove an effort before they begin, so that a flood costs its
 * sender something and nobody else is turned away. A phone network hides thousands behind one address, so nothing is
 * refused for it: a script searches a number for a second or two, and without a script a short wait will do.
 */

import { createHash, randomBytes } from "node:crypto";
import type { EffortSettings } from "../core/settings.ts";

/** A challenge older than this is asked anew. */
const LIFE_MS = 10 * 60_000;
const MAX_PLACES = 20_000;
const MINUTE_MS = 60_000;

export interface Effort {
  readonly challenge: string;
  /** SHA-256 of `challenge:number` must begin with this many zero bits. */
  readonly bits: number;
  /** Instead of a number: the same challenge after this time. */
  readonly waitMs: number;
}

export interface Gatekeeper {
  /** Counts one more opening from this place; null: go on, else the effort that is asked first. */
  ask(place: string, now: number): Effort | null;
  /**
   * Was this effort made, from this place, and not yet used here? Each opens one conversation. early: neither the
   * number is right nor has the time passed, but the challenge is still good.
   */
  judge(
    place: string,
    made: { challenge: string; number?: number | undefined },
    now: number,
  ): "made" | "early" | "worthless";
}

/**
 * `sign`: a keyed hash that all processes share, so that an answer may land on another one. Counts and used
 * challenges are each process's own: a limit against floods, not a quota.
 */
export function gatekeeper(settings: () => EffortSettings, sign: (text: string) => string): Gatekeeper {
  const places = new Map<string, { since: number; n: number }>();
  const used = new Map<string, number>();

  function count(place: string, now: number, windowMs: number): number {
    const known = places.get(place);
    const seen = known && now - known.since < windowMs ? known : { since: now, n: 0 };
    seen.n += 1;
    places.set(place, seen);
    if (places.size > MAX_PLACES) drop(places, (p) => now - p.since >= windowMs);
    return seen.n;
  }
  const proofOf = (place: string, body: string) => sign(`effort:${place}:${body}`).slice(0, 32);

  return {
    ask(place, now) {
      const { openings, minutes, bits, max_bits, wait_seconds } = settings();
      const n = count(place, now, minutes * MINUTE_MS);
      if (n <= openings) return null;
      // Each doubling of the crowd doubles the work.
      const asked = Math.min(max_bits, bits + Math.floor(Math.log2(n / openings)));
      const body = `${now}.${asked}.${randomBytes(9).toString("base64url")}`;
      return {
        challenge: `${body}.${proofOf(place, body)}`,
        bits: asked,
        waitMs: wait_seconds * 1_000,
      };
    },
    judge(place, { challenge, number }, now) {
      const [made = "", bits = "", random = "", proof = ""] = challenge.split(".");
      if (proof !== proofOf(place, `${made}.${bits}.${random}`)) return "worthless";
      const age = now - Number(made);
      if (age > LIFE_MS || used.has(challenge)) return "worthless";
      const waited = age >= settings().wait_seconds * 1_000;
      const worked = number !== undefined && zeroBits(`${challenge}:${number}`) >= Number(bits);
      if (!waited && !worked) return "early";
      used.set(challenge, now);
      if (used.size > MAX_PLACES) drop(used, (at) => now - at > LIFE_MS);
      return "made";
    },
  };
}

function drop<T>(map: Map<string, T>, isOld: (value: T) => boolean): void {
  for (const [key, value] of map) if (isOld(value)) map.delete(key);
}

function zeroBits(text: string): number {
  const digest = createHash("sha256").update(text).digest();
  return Math.clz32(digest.readUInt32BE(0));
}
