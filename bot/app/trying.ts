/** Trying out what is written before anybody else sees it: a conversation played, messages as each channel shows them. */

import { fitTo } from "../core/fit.ts";
import {
  CHANNEL_NAMES,
  type ChannelCaps,
  type ChannelName,
  type Lang,
  type Outbound,
} from "../core/message.ts";
import { articleSamples, flowSamples, type Sample, serviceSamples, textSamples } from "../core/preview.ts";
import {
  beginRehearsal,
  describeEffect,
  describeMessage,
  type Moved,
  passes,
  type Rehearsal,
  says,
} from "../core/rehearsal.ts";
import { TEXT_KEYS } from "../core/settings.ts";
import type { World } from "../core/world.ts";
import { type Base, worldFor } from "./library.ts";
import type { Parsed } from "./read-content.ts";
import { refuse } from "./refusals.ts";
import type { Bubble, Editorial, Preview, TalkLine } from "./services.ts";

const SIMULATOR_STARTS = Date.UTC(2026, 10, 22, 14, 30);
/** Days of somebody whom nobody answers. More would keep the process, and who writes to it, waiting for seconds. */
const MOST_EVENTS = 5_000;
/** A terminal shows what the page does. */
const SHOWN = CHANNEL_NAMES.filter((name) => name !== "terminal");

export type CapsOf = (channel: ChannelName) => ChannelCaps;
type Ask = Parameters<Editorial["simulate"]>[1];

/** Plays what was said from the beginning; nothing is kept. */
export function rehearse(published: Base, ask: Ask, capsOf: CapsOf) {
  const { settings } = published;
  const base = ask.flow
    ? { ...published, settings: { ...settings, flows: { ...settings.flows, start: ask.flow } } }
    : published;
  const caps = capsOf(ask.channel);
  const rehearsal = beginRehearsal(worldFor(base, caps), SIMULATOR_STARTS, ask.lang);
  const lines: TalkLine[] = [];
  const talk = [
    `# ${ask.flow ?? "…"}`,
    `@ ${ask.channel} ${ask.lang} ${new Date(SIMULATOR_STARTS).toISOString()}`,
  ];
  const person = (text: string, written: string) => {
    lines.push({ who: "person", text, choices: [], shown: [] });
    talk.push(written);
  };
  for (const said of ask.said) {
    let moved: Moved;
    if (said.waitMs !== undefined) {
      talk.push(`~ ${Math.round(said.waitMs / 60_000)}m`);
      const passed = lets(rehearsal, said.waitMs);
      if (!passed) return refuse("bad_request", "too much happens in this time to be played; wait less");
      moved = passed;
    } else if (said.choice !== undefined) {
      const label = rehearsal.state.offered.find((c) => c.value === said.choice)?.label ?? said.choice;
      person(label, `> [${label}]`);
      moved = says(rehearsal, { kind: "choice", value: said.choice });
    } else {
      person(said.text ?? "", `> ${said.text ?? ""}`);
      moved = says(rehearsal, { kind: "text", text: said.text ?? "" });
    }
    for (const m of moved.sent) {
      lines.push({ who: "bot", text: m.text, choices: m.choices, shown: bubblesOf(m, caps) });
      talk.push(describeMessage(m));
    }
    for (const words of moved.effects.map(describeEffect)) {
      if (words === null) continue;
      lines.push({ who: "effect", text: words, choices: [], shown: [] });
      talk.push(`! ${words}`);
    }
  }
  return { ok: true as const, lines, level: rehearsal.state.level, talk: `${talk.join("\n")}\n` };
}

/** Lets time pass, from one timer to the next; null: more happens than is played. */
function lets(rehearsal: Rehearsal, ms: number): Moved | null {
  const all: Moved[] = [];
  const until = rehearsal.now + ms;
  do {
    if (rehearsal.made > MOST_EVENTS) return null;
    const next = Math.min(until, ...[...rehearsal.timers.values()].map((timer) => timer.dueAt));
    all.push(passes(rehearsal, Math.max(0, next - rehearsal.now)));
  } while (rehearsal.now < until);
  return { sent: all.flatMap((m) => m.sent), effects: all.flatMap((m) => m.effects) };
}

/** Every message that this can make, on every channel that people use. */
export function previewOf(parsed: Parsed, base: Base, lang: Lang, capsOf: CapsOf): Preview[] {
  const perChannel = SHOWN.map((channel) => {
    const caps = capsOf(channel);
    return { channel, caps, samples: samplesOf(parsed, worldFor(base, caps), lang) };
  });
  const names = [...new Set(perChannel.flatMap(({ samples }) => samples.map((s) => s.name)))];
  return names.map((name) => ({
    name,
    shown: perChannel.map(({ channel, caps, samples }) => ({
      channel,
      bubbles: samples.filter((s) => s.name === name).flatMap(({ message }) => bubblesOf(message, caps)),
    })),
  }));
}

function samplesOf(parsed: Parsed, world: World, lang: Lang): Sample[] {
  switch (parsed.is) {
    case "article":
      return articleSamples(parsed.article, world, lang);
    case "services":
      return serviceSamples(parsed.services, world, lang);
    case "flow":
      return flowSamples(parsed.flow, world, lang);
    case "texts":
      return textSamples(TEXT_KEYS, world, lang);
    default:
      return [];
  }
}

/** As the channel's own adapter cuts it: the same function decides both. */
function bubblesOf(message: Outbound, caps: ChannelCaps): Bubble[] {
  return fitTo(message, caps).map(({ text, buttons }) => ({
    text,
    buttons: buttons.map(({ label, choice }) => ({
      label,
      kind: choice.kind,
      ...(choice.style ? { style: choice.style } : {}),
    })),
    units: text.length,
    limit: caps.maxText,
  }));
}
