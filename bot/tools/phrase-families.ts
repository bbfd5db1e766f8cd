/** Reads the written phrases of `knowledge/risk/phrases/` and composes sentences from families; always the same ones. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Level, rank } from "../core/level.ts";
import { levelOf, readLabels } from "../core/triage/labelled.ts";
import { seeded } from "./phrase-forms.ts";

/** How many of an author's lines are also learnt joined with another one of hers. */
const JOINED = 0.35;

export interface Labelled {
  readonly level: Level;
  readonly category: string;
  readonly text: string;
  /** Which family or file it comes from. */
  readonly family: string;
}

/** Reads `level TAB category TAB text` lines; `#` begins a comment. */
export function readLabelled(file: string): Labelled[] {
  return readLabels(readFileSync(file, "utf8")).map((line) => ({ ...line, family: file }));
}

/** What one author told: one line, one family. `author` is the name of the file without its ending ("told-a"). */
export interface Told extends Labelled {
  readonly author: string;
}

/** Reads every `told-*.tsv` and `seen-*.tsv` of the folder, in the order of their names. */
export function readTold(folder: string): Told[] {
  return readdirSync(folder)
    .filter((name) => /^(told|seen)-.*\.tsv$/.test(name))
    .sort()
    .flatMap((name) =>
      readLabelled(join(folder, name)).map((line) => ({
        ...line,
        family: line.text,
        author: name.replace(/\.tsv$/, ""),
      })),
    );
}

/**
 * Longer tellings: about every third line of an author together with another one of hers, as grave as the graver of the
 * two, so that a danger is learnt as one clause among others. A joined line belongs to the family of the graver one.
 */
export function joinTellings(told: readonly Told[]): Told[] {
  const byAuthor = new Map<string, Told[]>();
  for (const line of told) byAuthor.set(line.author, [...(byAuthor.get(line.author) ?? []), line]);
  const next = seeded("joined");
  return told.flatMap((line) => {
    if (next() >= JOINED) return [];
    const others = byAuthor.get(line.author) ?? [];
    const other = others[Math.floor(next() * others.length)] ?? line;
    const graver = rank(other.level) > rank(line.level) ? other : line;
    const text = next() < 0.5 ? `${line.text}. ${other.text}` : `${other.text} ${line.text}`;
    return [{ ...graver, text }];
  });
}

/** Composes up to `each` different sentences of every family in the folder. */
export function composeFamilies(folder: string, each: number): Labelled[] {
  const slots = readSlots(join(folder, "slots.txt"));
  const files = readdirSync(folder)
    .filter((name) => /^families.*\.txt$/.test(name))
    .sort();
  return files.flatMap((name) =>
    // Ordinary talk has no end of forms, so more of it is composed.
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .flatMap((line) => composeFamily(line, slots, /comments|ordinary/.test(name) ? each * 3 : each)),
  );
}

function readSlots(file: string): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes("|"));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf("|")), line.slice(line.indexOf("|") + 1).split(";")]),
  );
}

function composeFamily(
  line: string,
  slots: ReadonlyMap<string, readonly string[]>,
  each: number,
): Labelled[] {
  const first = line.indexOf("|");
  const second = line.indexOf("|", first + 1);
  const level = levelOf(line.slice(0, first));
  const category = line.slice(first + 1, second);
  const template = line.slice(second + 1);
  const next = seeded(line);
  const texts = new Set<string>();
  for (let tries = 0; tries < each * 4 && texts.size < each; tries++) texts.add(fill(template, slots, next));
  return [...texts].map((text) => ({ level, category, text, family: line }));
}

function fill(template: string, slots: ReadonlyMap<string, readonly string[]>, next: () => number): string {
  const pick = (options: readonly string[]): string => options[Math.floor(next() * options.length)] ?? "";
  const chosen = new Map<string, string>();
  const filled = template
    .replace(/\(([^()]*)\)/g, (_all, options: string) => pick(options.split("|")))
    .replace(/\{(\w+)\}/g, (_all, name: string) => {
      // One message speaks of one person: the same slot gives the same words.
      const word = chosen.get(name) ?? pick(slots.get(name) ?? [""]);
      chosen.set(name, word);
      return word;
    });
  return filled.replace(/\s+/g, " ").replace(/ ,/g, ",").trim();
}

/** Meaningless lines of frequent words, level none: they teach that no plain word is a danger by itself. */
export function throwWords(folder: string, count: number): Labelled[] {
  const source = readFileSync(join(folder, "ordinary-words.txt"), "utf8");
  const words = source
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join(";")
    .split(";");
  const next = seeded("words");
  return Array.from({ length: count }, (_, i) => {
    const length = 1 + Math.floor(next() * next() * 16);
    const text = Array.from({ length }, () => words[Math.floor(next() * words.length)] ?? "").join(" ");
    return { level: "none", category: "ordinary", text, family: `words ${i}` };
  });
}
