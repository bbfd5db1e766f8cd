/** The real clock, and the log: one JSON line each on standard output, with secrets masked. */

import { randomBytes } from "node:crypto";
import pino from "pino";
import type { Clock } from "../ports/clock.ts";
import type { Fact, Log, LogLevel } from "../ports/log.ts";

/** Crockford's base 32 in lower case: no i, l, o, u, so that an id read aloud is understood. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 10;
const CHANCE_BITS = 80n;
const CHANCE_DIGITS = 16;
/** Longest wait that Node's timers hold; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function systemClock(): Clock {
  const newId = idMaker(Date.now);
  return {
    now: Date.now,
    newId,
    token: (bytes) => randomBytes(bytes).toString("base64url"),
    after(ms, call) {
      const due = Date.now() + ms;
      let timer: NodeJS.Timeout;
      const wait = () => {
        const left = due - Date.now();
        timer = setTimeout(left > MAX_TIMEOUT_MS ? wait : call, Math.min(Math.max(0, left), MAX_TIMEOUT_MS));
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}

/** A clock that goes evenly whatever this machine's does, and can be set by the one that all machines share. */
export interface SteadyClock extends Clock {
  set(now: number): void;
  aheadMs(): number;
}

/** Between two settings it counts monotonic time, so that a jump of the machine's clock moves nothing. */
export function steadyClock(): SteadyClock {
  const own = systemClock();
  let start = Date.now() - performance.now();
  const now = () => Math.round(start + performance.now());
  return {
    ...own,
    now,
    set(at) {
      start = at - performance.now();
    },
    aheadMs: () => Date.now() - now(),
  };
}

/** 48 bits of time and 80 of chance, 26 characters; always greater than the one before, even if the clock goes back. */
export function idMaker(now: () => number): () => string {
  let time = -1;
  let chance = 0n;
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      chance = randomBig(10);
    } else {
      // The same millisecond: a step of random width keeps order and stays hard to guess.
      chance += 1n + randomBig(4);
      if (chance >> CHANCE_BITS) {
        time += 1;
        chance = randomBig(8);
      }
    }
    return digits(BigInt(time), TIME_DIGITS) + digits(chance, CHANCE_DIGITS);
  };
}

function randomBig(bytes: number): bigint {
  return BigInt(`0x${randomBytes(bytes).toString("hex")}`);
}

function digits(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest >>= 5n) text = DIGITS.charAt(Number(rest & 31n)) + text;
  return text;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Asked for each line, because tokens are renewed while we run. */
  readonly secrets?: () => readonly string[];
  /** Where lines go; standard output if absent. */
  readonly write?: (line: string) => void;
}

/** Shorter "secrets" would mask ordinary words. */
const MIN_SECRET = 6;

export function openLog({ level, secrets = () => [], write }: LogOptions): Log {
  const out = pino(
    { level, base: null, messageKey: "code", formatters: { level: (label) => ({ level: label }) } },
    write && { write },
  );
  return (lineLevel, code, facts = {}) => {
    if (!out.isLevelEnabled(lineLevel)) return;
    const hidden = secrets().filter((secret) => secret.length >= MIN_SECRET);
    out[lineLevel](maskFacts(facts, hidden), mask(code, hidden));
  };
}

function maskFacts(facts: Readonly<Record<string, Fact>>, hidden: readonly string[]): Record<string, Fact> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === "string" ? mask(fact, hidden) : fact]),
  );
}

/** Also in the forms that a secret takes within an address. */
function mask(text: string, hidden: readonly string[]): string {
  let masked = text;
  for (const secret of hidden) {
    masked = masked.replaceAll(secret, "•••").replaceAll(encodeURIComponent(secret), "•••");
  }
  return masked;
}
