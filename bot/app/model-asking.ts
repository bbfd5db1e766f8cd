/** Asks the model after the commit, and brings what came of it back as an event. Losing it costs seconds: a timer waits. */

import type { Effect } from "../core/effects.ts";
import { errorKind } from "../core/error-kind.ts";
import type { EventBody, ModelAnswer } from "../core/events.ts";
import type { EventId } from "../core/ids.ts";
import { promptFor } from "../core/model-prompt.ts";
import type { LeasedTurn } from "../ports/store.ts";
import { envelope } from "./contexts.ts";
import type { Nearness } from "./nearness.ts";
import type { Parts } from "./parts.ts";

type AskModel = Extract<Effect, { type: "ask_model" }>;

/** More are not asked at once: the others get their passages immediately. */
const MAX_AT_ONCE = 16;
/** The model reads at most this many passages; more make it slower, not better. */
const MAX_PASSAGES = 4;
/** After this many failures in a row the model is left alone for a while, so that nobody waits for nothing. */
const MAX_FAILURES = 3;
const REST_MS = 60_000;
/** Of the time that she waits, at most this much goes to finding the nearest passages. */
const NEARNESS_MS = 700;

export interface ModelAsker {
  /** Looks for `ask_model` among the effects of a committed turn. Never throws, never waits. */
  ask(turn: Pick<LeasedTurn, "id" | "wrappedKey">, effects: readonly Effect[]): void;
  /** What is on its way is given up; the timers answer. */
  stop(): void;
}

export function makeModelAsker(parts: Omit<Parts, "channels" | "library">, nearness: Nearness): ModelAsker {
  const { store, vault, clock, bus, log, model } = parts;
  let asking = 0;
  let failures = 0;
  let restsUntil = 0;
  let stopped = false;

  return {
    ask(turn, effects) {
      for (const e of effects) {
        if (e.type !== "ask_model") continue;
        answer(turn, e).catch((error: unknown) =>
          log("warn", "model_answer_lost", { error: errorKind(error) }),
        );
      }
    },
    stop() {
      stopped = true;
    },
  };

  async function answer(turn: Pick<LeasedTurn, "id" | "wrappedKey">, ask: AskModel): Promise<void> {
    const { passages, answer: got } = await askOne(ask);
    if (stopped) return;
    const id = clock.newId() as EventId;
    const body: EventBody = { type: "model_answered", requestId: ask.requestId, passages, answer: got };
    const sealed = envelope(vault, turn.wrappedKey).event.seal(id, body);
    await store.conversations.append(turn.id, [
      { id, dedupeKey: `model:${ask.requestId}`, at: clock.now(), sealed },
    ]);
    bus.call("inbox");
  }

  async function askOne(ask: AskModel): Promise<{ passages: string[]; answer: ModelAnswer }> {
    const without = (code: Extract<ModelAnswer, { ok: false }>["code"]) => ({
      passages: ask.passages.map((p) => p.id),
      answer: { ok: false, code } as const,
    });
    if (asking >= MAX_AT_ONCE) return without("busy");
    if (clock.now() < restsUntil) return without("resting");
    asking += 1;
    try {
      const until = clock.now() + ask.timeoutMs;
      const ordered = (await nearness.order(ask.question, ask.passages, NEARNESS_MS)).slice(0, MAX_PASSAGES);
      const { system, user } = promptFor(
        ask.lang,
        ask.question,
        ordered.map(({ heading, text }) => ({ heading, text })),
      );
      const got = await model.complete({ system, user, timeoutMs: Math.max(1, until - clock.now()) });
      note(got);
      return { passages: ordered.map((p) => p.id), answer: got.ok ? { ok: true, text: got.text } : got };
    } finally {
      asking -= 1;
    }
  }

  function note(got: ModelAnswer): void {
    if (got.ok || got.code === "not_configured") {
      failures = 0;
      return;
    }
    failures += 1;
    log("warn", "model_failed", { cause: got.code, failures });
    if (failures < MAX_FAILURES) return;
    failures = 0;
    restsUntil = clock.now() + REST_MS;
    log("error", "model_rests", { ms: REST_MS });
  }
}
