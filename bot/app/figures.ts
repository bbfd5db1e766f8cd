/** Figures for Prometheus: how much waits and for how long, what failed. Never a word about a person. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Log } from "../ports/log.ts";
import type { UpkeepStore } from "../ports/store.ts";
import type { Parts } from "./parts.ts";

/** So often a scrape asks for a write: a disk that fills up is told before it refuses somebody's words. */
const WRITE_EVERY_MS = 60_000;

export interface Meters {
  readonly registry: Registry;
  readonly workSeconds: Histogram;
  /** How much each loop has done: turns decided (inbox), deliveries taken up (outbox), timers fired. */
  readonly workDone: Counter;
  /** The same log; each warning and error is counted by its code, and by its channel if it names one. */
  counting(log: Log): Log;
}

export function makeMeters(): Meters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const workSeconds = new Histogram({
    name: "benan_work_seconds",
    help: "Time that one round of a work loop took",
    labelNames: ["loop"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const workDone = new Counter({
    name: "benan_work_total",
    help: "Turns decided (inbox), deliveries taken up (outbox), timers fired (timers)",
    labelNames: ["loop"],
    registers: [registry],
  });
  const troubles = new Counter({
    name: "benan_troubles_total",
    help: "Warnings and errors by their code",
    labelNames: ["level", "code", "channel"],
    registers: [registry],
  });
  const counting =
    (log: Log): Log =>
    (level, code, facts = {}) => {
      if (level === "warn" || level === "error")
        troubles.inc({ level, code, channel: String(facts.channel ?? "") });
      log(level, code, facts);
    };
  return { registry, workSeconds, workDone, counting };
}

/** Makes the gauges; returns what reads the store for them. */
export function gauges(
  parts: Parts,
  { registry }: Meters,
  checkStore: (deep: boolean) => ReturnType<UpkeepStore["check"]>,
): () => Promise<void> {
  const { clock, bus } = parts;
  let wroteAt = Number.NEGATIVE_INFINITY;
  const cases = new Gauge({
    name: "benan_cases",
    help: "Cases by state and level",
    labelNames: ["state", "level"],
    registers: [registry],
  });
  const caseAge = new Gauge({
    name: "benan_case_oldest_seconds",
    help: "Age of the oldest case by state and level",
    labelNames: ["state", "level"],
    registers: [registry],
  });
  const inbox = new Gauge({
    name: "benan_inbox",
    help: "Conversations in which something waits to be decided",
    registers: [registry],
  });
  const inboxAge = new Gauge({
    name: "benan_inbox_oldest_seconds",
    help: "Age of the oldest message or event that waits to be decided",
    registers: [registry],
  });
  const outbox = new Gauge({
    name: "benan_outbox",
    help: "Outgoing messages by channel and state",
    labelNames: ["channel", "state"],
    registers: [registry],
  });
  const outboxAge = new Gauge({
    name: "benan_outbox_oldest_seconds",
    help: "Age of the oldest outgoing message",
    labelNames: ["channel", "state"],
    registers: [registry],
  });
  const storeMs = new Gauge({
    name: "benan_store_seconds",
    help: "Time of a cheap read of the store",
    registers: [registry],
  });
  const up = new Gauge({
    name: "benan_store_up",
    help: "1 if the store answers and, asked once a minute, takes a write",
    registers: [registry],
  });
  // Not made where there is no Redis: a gauge that stands at 0 would tell of an outage.
  const redisMs =
    bus.check &&
    new Gauge({
      name: "benan_redis_seconds",
      help: "Time of a cheap question to Redis",
      registers: [registry],
    });
  const redisUp =
    bus.check && new Gauge({ name: "benan_redis_up", help: "1 if Redis answers", registers: [registry] });
  const skew = new Gauge({
    name: "benan_clock_ahead_seconds",
    help: "How far this machine's clock is ahead of the shared one",
    registers: [registry],
  });
  const alarm = new Gauge({
    name: "benan_channel_alarm",
    help: "1 while a channel is quiet, refuses, or hides more senders than usual",
    labelNames: ["channel", "what"],
    registers: [registry],
  });
  const backup = new Gauge({
    name: "benan_backup_timestamp_seconds",
    help: "When the last backup was made, seconds since 1970; 0: never",
    registers: [registry],
  });
  const duty = new Gauge({ name: "benan_on_duty", help: "Counsellors on duty", registers: [registry] });

  return async () => {
    skew.set((clock.aheadMs?.() ?? 0) / 1_000);
    const isDue = clock.now() - wroteAt >= WRITE_EVERY_MS;
    if (isDue) wroteAt = clock.now();
    const [check, redis] = await Promise.all([checkStore(isDue), bus.check?.()]);
    if (redis) {
      redisUp?.set(redis.ok ? 1 : 0);
      redisMs?.set(redis.ms / 1_000);
    }
    storeMs.set(check.ms / 1_000);
    // What cannot be counted is no reason to tell nothing: without figures no alert rings for who waits.
    const told = check.ok ? await look(parts).catch(() => null) : null;
    up.set(told ? 1 : 0);
    if (!told) return;
    const { inTally, caseTally, outTally, onDuty, lastBackup, standing } = told;
    backup.set((lastBackup ?? 0) / 1_000);
    for (const gauge of [cases, caseAge, outbox, outboxAge]) gauge.reset();
    for (const [channel, { quiet, refuses, hidden }] of standing) {
      alarm.set({ channel, what: "quiet" }, quiet ? 1 : 0);
      alarm.set({ channel, what: "refuses" }, refuses ? 1 : 0);
      alarm.set({ channel, what: "hidden" }, hidden ? 1 : 0);
    }
    duty.set(onDuty.length);
    inbox.set(inTally.n);
    inboxAge.set(inTally.oldestMs / 1_000);
    for (const { state, level, n, oldestMs } of caseTally) {
      cases.set({ state, level }, n);
      caseAge.set({ state, level }, oldestMs / 1_000);
    }
    for (const { channel, state, n, oldestMs } of outTally) {
      outbox.set({ channel, state }, n);
      outboxAge.set({ channel, state }, oldestMs / 1_000);
    }
  };
}

async function look({ store, clock, watch }: Parts) {
  const now = clock.now();
  const [inTally, caseTally, outTally, onDuty, lastBackup, standing] = await Promise.all([
    store.conversations.tally(now),
    store.cases.tally(now),
    store.outbox.tally(now),
    store.staff.onDuty(now),
    store.upkeep.lastBackup(),
    watch?.standing() ?? [],
  ]);
  return { inTally, caseTally, outTally, onDuty, lastBackup, standing };
}
