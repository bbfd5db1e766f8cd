/** The real clock, and the log: one JSON line each on standard output, with secrets masked. */

import { randomBytes } from "node:crypto";
import pino from "pino";
import type { Clock } from "../ports/clock.ts";
import type { Fact, Log, LogLevel } from "../ports/log.ts";

/** Crockford's base 32 in lower case: no i, l, o, u, so that an id read aloud is understood. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 10;
/** The 80 bits of chance are two numbers of 40, which are exact and far cheaper than one big one. */
const HALF = 2 ** 40;
const HALF_DIGITS = 8;
const CHANCE_AT_ONCE = 4_096;
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
  let [high, low] = [0, 0];
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      [high, low] = [chance(5), chance(5)];
    } else {
      // The same millisecond: a step of random width keeps order and stays hard to guess.
      low += 1 + chance(4);
      if (low >= HALF) {
        low -= HALF;
        high += 1;
      }
      if (high >= HALF) {
        time += 1;
        [high, low] = [chance(3), chance(5)];
      }
    }
    return digits(time, TIME_DIGITS) + digits(high, HALF_DIGITS) + digits(low, HALF_DIGITS);
  };
}

let drawn = Buffer.alloc(0);
let used = 0;

/** A random number of so many bytes, at most 6; from a block, which costs as much to ask for as one number. */
function chance(bytes: number): number {
  if (used + bytes > drawn.length) {
    drawn = randomBytes(CHANCE_AT_ONCE);
    used = 0;
  }
  used += bytes;
  return drawn.readUIntBE(used - bytes, bytes);
}

function digits(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = DIGITS.charAt(rest % 32) + text;
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
