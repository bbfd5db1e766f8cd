/** Health and figures: what works, what does not, and how much waits. Never a word about a person. */

import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ChannelName } from "../core/message.ts";
import type { Parts } from "./parts.ts";
import type { Health } from "./services.ts";

export interface Meters {
  readonly registry: Registry;
  readonly workSeconds: Histogram;
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
  return { registry, workSeconds };
}

/** `ready` falls before the process stops taking work. */
export function makeHealth(parts: Parts, meters: Meters, version: string, isReady: () => boolean): Health {
  const { store, clock, library, channels } = parts;
  gauges(parts, meters);
  const checks = new Map<ChannelName, { at: number; ok: boolean; detail: string }>();

  return {
    async report() {
      const db = await store.upkeep.check(false);
      const found = await Promise.all([...channels.values()].map((c) => checkChannel(c.name)));
      const compiled = library.compiled();
      const errors = [...library.fileProblems, ...compiled.problems].filter((p) => p.severity === "error").length;
      const warnings = [
        ...(compiled.pending > 0 ? [`${compiled.pending} articles wait for their professional review and are shown with a line that says so`] : []),
        ...(compiled.withdrawn.length > 0 ? [`withdrawn because their date has passed: ${compiled.withdrawn.join(", ")}`] : []),
        ...modelWarnings(parts),
        ...(errors > 0 ? [`${errors} faults in flows and knowledge; see the console or \`npm run check\``] : []),
      ];
      return {
        ok: db.ok,
        ready: isReady() && db.ok,
        version,
        parts: [{ name: "store", ok: db.ok, detail: db.detail }, ...found],
        warnings,
      };
    },
    metrics: () => meters.registry.metrics(),
  };

  /** Platforms are asked at most once a minute: health is polled far more often. */
  async function checkChannel(name: ChannelName): Promise<{ name: string; ok: boolean; detail: string }> {
    const last = checks.get(name);
    if (last && clock.now() - last.at < 60_000) return { name, ok: last.ok, detail: last.detail };
    const channel = channels.get(name);
    const result = channel ? await channel.check() : { ok: false, detail: "not configured" };
    checks.set(name, { at: clock.now(), ...result });
    return { name, ...result };
  }
}

/** A door that is open to nobody, and words that leave the country, must be known to whoever runs this. */
function modelWarnings({ model, library }: Parts): string[] {
  const { enabled, doors } = library.base().settings.model;
  if (enabled && !model.can.complete) return ["settings.yaml opens doors to a language model, but none is configured (OPENAI_MODEL): passages are sent as they are"];
  if (!enabled || doors.length === 0 || !model.can.complete) return [];
  return [`a language model at ${model.host} shortens passages for: ${doors.join(", ")}; redacted questions leave for it (if it is abroad, the transfer file must be done)`];
}

/** Gauges read the store when they are scraped. */
function gauges({ store, clock }: Parts, { registry }: Meters): void {
  const cases = new Gauge({ name: "benan_cases", help: "Cases by state and level", labelNames: ["state", "level"], registers: [registry] });
  const caseAge = new Gauge({ name: "benan_case_oldest_seconds", help: "Age of the oldest case by state and level", labelNames: ["state", "level"], registers: [registry] });
  const outbox = new Gauge({ name: "benan_outbox", help: "Outgoing messages by channel and state", labelNames: ["channel", "state"], registers: [registry] });
  const outboxAge = new Gauge({ name: "benan_outbox_oldest_seconds", help: "Age of the oldest outgoing message", labelNames: ["channel", "state"], registers: [registry] });
  const storeMs = new Gauge({ name: "benan_store_seconds", help: "Time of a cheap read of the store", registers: [registry], collect: collectAll });
  const up = new Gauge({ name: "benan_store_up", help: "1 if the store answers", registers: [registry] });
  const duty = new Gauge({ name: "benan_on_duty", help: "Counsellors on duty", registers: [registry] });

  async function collectAll(): Promise<void> {
    const check = await store.upkeep.check(false);
    up.set(check.ok ? 1 : 0);
    storeMs.set(check.ms / 1_000);
    if (!check.ok) return;
    const now = clock.now();
    const [caseTally, outTally, onDuty] = await Promise.all([store.cases.tally(now), store.outbox.tally(now), store.staff.onDuty(now)]);
    for (const gauge of [cases, caseAge, outbox, outboxAge]) gauge.reset();
    duty.set(onDuty.length);
    for (const { state, level, n, oldestMs } of caseTally) {
      cases.set({ state, level }, n);
      caseAge.set({ state, level }, oldestMs / 1_000);
    }
    for (const { channel, state, n, oldestMs } of outTally) {
      outbox.set({ channel, state }, n);
      outboxAge.set({ channel, state }, oldestMs / 1_000);
    }
  }
}
