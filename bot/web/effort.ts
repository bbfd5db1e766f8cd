/**
 * Many new conversations from one place: the next ones prove an effort before they begin, so that a flood costs its
 * sender something and nobody else is turned away. A phone network hides thousands behind one address, so nothing is
 * refused for it: a script searches a number for a second or two, and without a script a short wait will do.
 */

import { createHash, randomBytes } from "node:crypto";
import type { EffortSettings } from "../core/settings.ts";
import type { Limits } from "../ports/limits.ts";

/** A challenge older than this is asked anew. */
const LIFE_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
/** A second one would come when the challenge is worth nothing any more. */
const ONCE = { burst: 1, everyMs: 2 * LIFE_MS };
/** So many places' worth of openings, from wherever, and everybody is asked. */
const CROWD = 20;

export interface Effort {
  readonly challenge: string;
  /** SHA-256 of `challenge:number` must begin with this many zero bits. */
  readonly bits: number;
  /** Instead of a number: the same challenge after this time. */
  readonly waitMs: number;
}

export interface Gatekeeper {
  /** Counts one more opening from this place; null: go on, else the effort that is asked first. */
  ask(place: string, now: number): Promise<Effort | null>;
  /**
   * Was this effort made, from this place, and not yet used? Each opens one conversation. early: neither the
   * number is right nor has the time passed, but the challenge is still good.
   */
  judge(
    place: string,
    made: { challenge: string; number?: number | undefined },
    now: number,
  ): Promise<"made" | "early" | "worthless">;
}

/**
 * `sign`: a keyed hash that all processes share, so that an answer may land on another one. `limits`: counts the openings,
 * and remembers which challenges were used.
 */
export function gatekeeper(
  settings: () => EffortSettings,
  sign: (text: string) => string,
  limits: Pick<Limits, "count" | "take">,
): Gatekeeper {
  const proofOf = (place: string, body: string) => sign(`effort:${place}:${body}`).slice(0, 32);

  return {
    async ask(place, now) {
      const { openings, minutes, bits, max_bits, wait_seconds } = settings();
      const [here, all] = await Promise.all(
        [`opening:${place}`, "openings"].map((key) => limits.count(key, minutes * MINUTE_MS)),
      );
      // A thousand addresses are one flood.
      const crowd = Math.max((here ?? 0) / openings, (all ?? 0) / (openings * CROWD));
      if (crowd <= 1) return null;
      // Each doubling of the crowd doubles the work.
      const asked = Math.min(max_bits, bits + Math.floor(Math.log2(crowd)));
      const body = `${now}.${asked}.${randomBytes(9).toString("base64url")}`;
      return {
        challenge: `${body}.${proofOf(place, body)}`,
        bits: asked,
        waitMs: wait_seconds * 1_000,
      };
    },
    async judge(place, { challenge, number }, now) {
      const [made = "", bits = "", random = "", proof = ""] = challenge.split(".");
      if (proof !== proofOf(place, `${made}.${bits}.${random}`)) return "worthless";
      const age = now - Number(made);
      if (age > LIFE_MS) return "worthless";
      const waited = age >= settings().wait_seconds * 1_000;
      const worked = number !== undefined && zeroBits(`${challenge}:${number}`) >= Number(bits);
      // Not counted, though it can be done a thousand times at once: he who floods from her network would keep her out.
      if (!waited && !worked) return "early";
      const isFirst = (await limits.take(`effort:${proof}`, ONCE)) === 0;
      return isFirst ? "made" : "worthless";
    },
  };
}

function zeroBits(text: string): number {
  const digest = createHash("sha256").update(text).digest();
  return Math.clz32(digest.readUInt32BE(0));
}
