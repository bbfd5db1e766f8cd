/** What an administrator must mend before a flow can be published: dead ends, loops without a wait, missing things. */

import type { Problem } from "../problem.ts";
import type { Condition, Flow, Step } from "./definition.ts";

/** What a flow may refer to. */
export interface Surroundings {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly instruments: ReadonlySet<string>;
  /** Service ids that have a number and may be shown. */
  readonly services: ReadonlySet<string>;
  /** Categories that the ear and the instruments give as reasons. */
  readonly categories: ReadonlySet<string>;
}

/** A tapped value must fit Telegram's 64 bytes of callback data (channels.md §3.3), two of which others need. */
const MAX_VALUE = 62;
/** A message is one of Zalo's 2000 characters (channels.md §1.3), with room for what is merged into it. */
const MAX_TEXT = 1200;
/** What `{name}` may stand for in any text. */
export const FILLABLE: ReadonlySet<string> = new Set([
  "phone",
  "operator",
  "ahead",
  "place",
  "alias",
  "keep_hours",
  "wipe_hours",
  "idle_days",
  "safe_hours",
  "receipt",
  "answer_days",
]);

export function checkFlow(flow: Flow, file: string, around: Surroundings): Problem[] {
  const problems: Problem[] = [];
  const report = (field: string, code: string, message: string, severity: Problem["severity"] = "error") =>
    problems.push({ code, message, file, field, severity });

  if (!(flow.start in flow.steps))
    report("start", "flow.unknown_step", `there is no step "${flow.start}" to start with`);
  for (const [id, step] of Object.entries(flow.steps)) {
    for (const { field, target } of targets(step)) {
      if (target === "end") continue;
      if (target.startsWith("flow:")) {
        if (!around.flows.has(target.slice(5))) {
          report(`steps.${id}.${field}`, "flow.unknown_flow", `there is no flow "${target.slice(5)}"`);
        }
      } else if (!(target in flow.steps)) {
        report(`steps.${id}.${field}`, "flow.unknown_step", `there is no step "${target}" in this flow`);
      }
    }
    checkParts(id, step, flow, around, report);
  }
  for (const id of Object.keys(flow.steps)) {
    if (!reachable(flow).has(id))
      report(`steps.${id}`, "flow.unreachable", `no path leads to the step "${id}"`, "warning");
  }
  for (const id of loopsWithoutWait(flow)) {
    report(
      `steps.${id}`,
      "flow.endless",
      `the step "${id}" leads back to itself without ever waiting for an answer`,
    );
  }
  return problems;
}

type Report = (field: string, code: string, message: string, severity?: Problem["severity"]) => void;

function checkParts(id: string, step: Step, flow: Flow, around: Surroundings, report: Report): void {
  for (const { field, text } of texts(step)) {
    if (text.length > MAX_TEXT) {
      report(
        `steps.${id}.${field}`,
        "flow.long_text",
        `the text has ${text.length} characters; at most ${MAX_TEXT} fit one message`,
      );
    }
    for (const [whole, name = "", service] of text.matchAll(/\{([^{}:]*)(?::([^{}]*))?\}/g)) {
      if (!FILLABLE.has(name)) report(`steps.${id}.${field}`, "flow.unknown_field", `nothing fills ${whole}`);
      else if (name === "phone" && !around.services.has(service ?? "")) {
        report(
          `steps.${id}.${field}`,
          "flow.unknown_service",
          `the directory has no usable service "${service ?? ""}"`,
        );
      }
    }
  }
  for (const phone of phonesOf(step)) {
    if (!around.services.has(phone)) {
      report(`steps.${id}.phones`, "flow.unknown_service", `the directory has no usable service "${phone}"`);
    }
  }
  if ("screen" in step && !around.instruments.has(step.screen)) {
    report(`steps.${id}.screen`, "flow.unknown_instrument", `there is no instrument "${step.screen}"`);
  }
  if ("run" in step && !around.flows.has(step.run)) {
    report(`steps.${id}.run`, "flow.unknown_flow", `there is no flow "${step.run}"`);
  }
  if ("branch" in step) {
    for (const category of step.branch.flatMap((b) => heardIn(b.if))) {
      if (around.categories.has(category)) continue;
      report(`steps.${id}.branch`, "flow.unknown_category", `nothing is ever heard as "${category}"`);
    }
    // A warning: who renames a step must be told, but no flow may be left out for what another flow is called.
    for (const asked of step.branch.flatMap((b) => leaves(b.if))) {
      const never = neverAnswered(asked, around);
      if (never) report(`steps.${id}.branch`, "flow.unknown_answer", never, "warning");
    }
  }
  if ("ask" in step) {
    const ids = step.choices.map((c) => c.id);
    const twice = ids.find((c, i) => ids.indexOf(c) !== i);
    if (twice) report(`steps.${id}.choices`, "flow.double_choice", `two choices are called "${twice}"`);
    for (const choice of step.choices) {
      const value = `f:${flow.id}:${id}:${choice.id}`;
      if (value.length > MAX_VALUE) {
        report(
          `steps.${id}.choices`,
          "flow.long_value",
          `the names of flow, step and choice "${choice.id}" are too long together`,
        );
      }
    }
  }
}

/** The conditions that a condition is made of. */
function leaves(condition: Condition): readonly Condition[] {
  if ("all" in condition) return condition.all.flatMap(leaves);
  if ("any" in condition) return condition.any.flatMap(leaves);
  return "not" in condition ? leaves(condition.not) : [condition];
}

/** The risk categories that a condition asks for. */
function heardIn(condition: Condition): readonly string[] {
  return leaves(condition).flatMap((c) => ("heard" in c ? c.heard : []));
}

/** Why a condition on the answer to a flow's question can never hold; null: it can, or asks for something else. */
function neverAnswered(condition: Condition, { flows, instruments }: Surroundings): string | null {
  if (!("answer" in condition)) return null;
  const [place = "", id] = condition.answer.split(".");
  // Without a dot it is remembered by a `set` step or by the bot itself; an instrument's answers stand under its name.
  if (id === undefined || instruments.has(place)) return null;
  const step = flows.get(place)?.steps[id];
  if (!step || !("ask" in step || "ask_text" in step))
    return `nothing is ever asked at "${condition.answer}"`;
  if (!("ask" in step)) return null;
  const answers = ["skipped", "unclear", ...step.choices.map((c) => c.id)];
  const unknown = [condition.is].flat().find((value) => !answers.includes(value));
  return unknown === undefined ? null : `"${condition.answer}" has no choice "${unknown}"`;
}

/** Every way out of a step, with the field it stands in. */
export function targets(step: Step): { field: string; target: string }[] {
  const out: { field: string; target: string }[] = [];
  const add = (field: string, target: string | undefined) => {
    if (target !== undefined) out.push({ field, target });
  };
  if ("ask" in step) {
    step.choices.forEach((c, i) => {
      add(`choices.${i}.next`, c.next);
    });
    add("skip", step.skip);
    add("text.next", step.text?.next);
  } else if ("branch" in step) {
    step.branch.forEach((b, i) => {
      add(`branch.${i}.next`, b.next);
    });
    add("else", step.else);
  } else {
    add("next", step.next);
    if ("ask_text" in step) add("skip", step.skip);
    if ("screen" in step) {
      add("on_emergency", step.on_emergency);
      add("on_high", step.on_high);
    }
  }
  return out;
}

function texts(step: Step): { field: string; text: string }[] {
  const bilingual =
    "say" in step
      ? { say: step.say }
      : "ask" in step
        ? { ask: step.ask, ...(step.unclear ? { unclear: step.unclear } : {}) }
        : "ask_text" in step
          ? { ask_text: step.ask_text }
          : "screen" in step && step.intro
            ? { intro: step.intro }
            : {};
  return Object.entries(bilingual).flatMap(([field, both]) =>
    Object.entries(both).map(([lang, text]) => ({ field: `${field}.${lang}`, text })),
  );
}

function phonesOf(step: Step): readonly string[] {
  return "say" in step || "ask" in step ? step.phones : [];
}

function waits(step: Step): boolean {
  return "ask" in step || "ask_text" in step || "screen" in step;
}

function reachable(flow: Flow): Set<string> {
  const seen = new Set<string>();
  const todo = [flow.start];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const step = flow.steps[id];
    if (seen.has(id) || !step) continue;
    seen.add(id);
    todo.push(...targets(step).map((t) => t.target));
  }
  return seen;
}

/** Steps that can come back to themselves over steps that do not wait. A screen may find nothing left to ask: it counts as not waiting. */
function loopsWithoutWait(flow: Flow): string[] {
  const passes = (id: string) => {
    const step = flow.steps[id];
    return step !== undefined && (!waits(step) || "screen" in step);
  };
  return Object.keys(flow.steps).filter((start) => {
    if (!passes(start)) return false;
    const seen = new Set<string>();
    const todo = targets(flow.steps[start] as Step).map((t) => t.target);
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (id === start) return true;
      const step = flow.steps[id];
      if (seen.has(id) || !step || !passes(id)) continue;
      seen.add(id);
      todo.push(...targets(step).map((t) => t.target));
    }
    return false;
  });
}

/**
 * Flows that lead into each other, or run themselves, and never wait, with the step that leads away. Only what is certain: a
 * circle that a condition or an instrument may break is left to the limit of steps, or a flow that serves people would be left out.
 */
export function loopsBetween(flows: ReadonlyMap<string, Flow>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const id of flows.keys()) {
    const loop = leadsBack(id, flows);
    if (loop !== undefined) found.set(id, loop);
  }
  return found;
}

/** From the start of this flow back to it, over steps of any flow that do not wait; the step of this flow that leads away. */
function leadsBack(id: string, flows: ReadonlyMap<string, Flow>): string | undefined {
  const seen = new Set<string>();
  const todo = [{ flow: id, step: flows.get(id)?.start ?? "", from: "" }];
  for (let at = todo.pop(); at; at = todo.pop()) {
    const name = `${at.flow}:${at.step}`;
    if (seen.has(name)) continue;
    seen.add(name);
    for (const next of waysOn(at.flow, at.step, flows)) {
      const isAway = next.flow !== at.flow || next.step === ENTERED;
      const from = at.flow === id && isAway ? at.step : at.from;
      const step = next.step === ENTERED ? (flows.get(next.flow)?.start ?? "") : next.step;
      if (next.flow === id && isAway) return from;
      todo.push({ flow: next.flow, step, from });
    }
  }
  return undefined;
}

/** A condition may lead elsewhere, an instrument may have something to ask. */
function mayStop(step: Step): boolean {
  return waits(step) || "branch" in step;
}

/** Stands for the start of a flow that is entered. */
const ENTERED = "";

/** Where it surely goes on from a step. */
function waysOn(
  id: string,
  name: string,
  flows: ReadonlyMap<string, Flow>,
): { readonly flow: string; readonly step: string }[] {
  const step = flows.get(id)?.steps[name];
  if (!step || mayStop(step)) return [];
  const on = targets(step).flatMap(({ target }) => {
    if (target === "end") return [];
    return target.startsWith("flow:")
      ? [{ flow: target.slice(5), step: ENTERED }]
      : [{ flow: id, step: target }];
  });
  if (!("run" in step)) return on;
  const entered = { flow: step.run, step: ENTERED };
  return passesThrough(step.run, flows, new Set()) ? [entered, ...on] : [entered];
}

/** Can a flow be run from its start to its end without a wait? */
function passesThrough(id: string, flows: ReadonlyMap<string, Flow>, entered: Set<string>): boolean {
  const flow = flows.get(id);
  if (!flow || entered.has(id)) return !flow;
  entered.add(id);
  const seen = new Set<string>();
  const todo = [flow.start];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const step = flow.steps[name];
    if (seen.has(name) || !step || mayStop(step)) continue;
    seen.add(name);
    if ("run" in step && !passesThrough(step.run, flows, entered)) continue;
    for (const { target } of targets(step)) {
      if (target === "end") return true;
      if (!target.startsWith("flow:")) todo.push(target);
      else if (passesThrough(target.slice(5), flows, entered)) return true;
    }
  }
  return false;
}
