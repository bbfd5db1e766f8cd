/** Every message that an edited thing can make, as it would be said: for editors who want to see it before anybody else does. */

import { sayPassage, sayService } from "./answer.ts";
import type { ConversationEvent } from "./events.ts";
import type { Flow, Step } from "./flow/definition.ts";
import { startFlow } from "./flow/run.ts";
import type { EventId } from "./ids.ts";
import type { Article } from "./knowledge/article.ts";
import type { Service } from "./knowledge/service.ts";
import type { Lang, Outbound } from "./message.ts";
import { type TextKey, textOf } from "./settings.ts";
import { newState } from "./state.ts";
import { beginTurn, fill, flush, say, type Turn } from "./turn.ts";
import type { World } from "./world.ts";

/** A message with the place that it comes from: a step, a passage, a service, a text's key. */
export interface Sample {
  readonly name: string;
  readonly message: Outbound;
}

/** What each passage looks like as an answer. */
export function articleSamples(article: Article, world: World, lang: Lang): Sample[] {
  const known: World = { ...world, articles: new Map(world.articles).set(article.id, article) };
  return article.passages.flatMap((passage) =>
    sample(passage.id, known, lang, (turn) => sayPassage(turn, article, passage)),
  );
}

/** What each entry of the directory looks like as an answer; those kept for staff are never shown. */
export function serviceSamples(services: readonly Service[], world: World, lang: Lang): Sample[] {
  const known: World = { ...world, services: new Map(world.services) };
  return services
    .filter((s) => s.status === "use" && s.phones.length > 0)
    .flatMap((service) =>
      sample(
        service.id,
        { ...known, services: new Map(known.services).set(service.id, service) },
        lang,
        (turn) => sayService(turn, service.id),
      ),
    );
}

/**
 * What is said on reaching each step that has words of its own, up to the next wait: merged as it will be. Of an
 * instrument, each of its questions.
 */
export function flowSamples(flow: Flow, world: World, lang: Lang): Sample[] {
  return Object.entries(flow.steps).flatMap(([id, step]) => {
    const from: World = { ...world, flows: new Map(world.flows).set(flow.id, { ...flow, start: id }) };
    const begin = (turn: Turn) => startFlow(turn, flow.id, "main");
    if ("screen" in step) return screenSamples(id, step, from, lang, begin);
    return hasWords(step) ? sample(id, from, lang, begin) : [];
  });
}

function screenSamples(
  id: string,
  step: Extract<Step, { screen: string }>,
  world: World,
  lang: Lang,
  begin: (turn: Turn) => void,
): Sample[] {
  const questions = world.instruments.get(step.screen)?.questions ?? [];
  return questions.flatMap((question, n) =>
    sample(`${id}/${question.id}`, world, lang, (turn) => {
      for (const before of questions.slice(0, n)) turn.state.screened[before.id] = "no";
      begin(turn);
    }),
  );
}

/** Each text of `flows/texts.yaml`, with what can be filled in filled in. */
export function textSamples(keys: readonly string[], world: World, lang: Lang): Sample[] {
  return keys.flatMap((key) =>
    sample(key, world, lang, (turn) => say(turn, fill(turn, textOf(world.settings, key as TextKey, lang)))),
  );
}

function hasWords(step: Step): boolean {
  return "say" in step || "ask" in step || "ask_text" in step;
}

const EVENT: ConversationEvent = {
  type: "message_received",
  content: { kind: "text", text: "" },
  id: "preview" as EventId,
  at: 0,
  desk: { onDuty: 1, ahead: 0 },
};

function sample(name: string, world: World, lang: Lang, speak: (turn: Turn) => void): Sample[] {
  const turn = beginTurn(newState(lang), EVENT, world);
  try {
    speak(turn);
  } catch {
    // A draft that goes round without waiting is named by the check; here it only has nothing to show.
    return [];
  }
  flush(turn);
  return turn.effects.flatMap((e) => (e.type === "send_message" ? [{ name, message: e.message }] : []));
}
