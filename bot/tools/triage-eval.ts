/** Prints how well the ear hears: per form, per category, with 95 % intervals; compares with what is published, line by line. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rank } from "../core/level.ts";
import { describeProblem } from "../core/problem.ts";
import { makeEar } from "../core/triage/assess.ts";
import type { Ear } from "../core/triage/ear.ts";
import {
  compare,
  describeFall,
  type Figures,
  figuresOf,
  groupBy,
  judge,
  type LabelledLine,
  type Share,
  type Verdict,
  wilson,
} from "../core/triage/evaluate.ts";
import { levelOf } from "../core/triage/labelled.ts";
import { type LinearModel, readModel } from "../core/triage/model.ts";
import { type Labelled, readLabelled } from "./phrase-families.ts";
import { FORMS, inForm } from "./phrase-forms.ts";
import { readRiskFolder } from "./read-risk.ts";
import { learningSet, prepare, train } from "./triage-train.ts";

const FOLDER = "knowledge/risk";
const BASELINE = join(FOLDER, "baseline.tsv");

const { values } = parseArgs({
  options: {
    ordinary: { type: "string" },
    file: { type: "string", multiple: true },
    against: { type: "string" },
    save: { type: "boolean" },
    misses: { type: "boolean" },
    rules: { type: "boolean" },
    authors: { type: "boolean" },
  },
});

/** Hand-written lines in every form; the model never learnt them. */
function writtenLines(files: readonly string[]): LabelledLine[] {
  return inAllForms(files.flatMap((file) => readLabelled(file)));
}

function inAllForms(sentences: readonly Labelled[]): LabelledLine[] {
  return sentences.flatMap(({ level, category, text }) =>
    FORMS.map((form) => ({ level, category, form, text: inForm(text, form) })),
  );
}

function loadModel(): LinearModel | undefined {
  const file = join(FOLDER, "model.json");
  if (values.rules || !existsSync(file)) return undefined;
  const { model, problems } = readModel(JSON.parse(readFileSync(file, "utf8")), file);
  for (const p of problems) process.stderr.write(`${describeProblem(p)}\n`);
  return model;
}

function percent(share: Share): string {
  const [low, high] = wilson(share);
  const rate = share.of === 0 ? "  –  " : (100 * (share.hits / share.of)).toFixed(1).padStart(5);
  return `${rate} [${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}] ${share.hits}/${share.of}`.padEnd(
    30,
  );
}

function row(name: string, f: Figures): string {
  return `${name.padEnd(18)} ${percent(f.serious)} ${percent(f.emergency)} ${percent(f.harmlessRaised)} ${percent(f.agreement)} ${f.twoTooLow.hits}/${f.twoTooLow.of}`;
}

function printTables(verdicts: readonly Verdict[]): void {
  const head = `${"".padEnd(18)} ${"emergency+high heard".padEnd(30)} ${"emergency heard".padEnd(30)} ${"harmless raised".padEnd(30)} ${"same level".padEnd(30)} two too low`;
  for (const field of ["form", "category"] as const) {
    process.stdout.write(`\nby ${field}\n${head}\n`);
    for (const [name, group] of groupBy(verdicts, field))
      process.stdout.write(`${row(name, figuresOf(group))}\n`);
  }
  process.stdout.write(`\n${head}\n${row("all", figuresOf(verdicts))}\n`);
}

function printTimes(ear: Ear, lines: readonly LabelledLine[]): void {
  const times = lines.map(({ text }) => {
    const from = performance.now();
    ear(text);
    return performance.now() - from;
  });
  times.sort((a, b) => a - b);
  const at = (share: number): string => (1000 * (times[Math.floor(times.length * share)] ?? 0)).toFixed(0);
  process.stdout.write(`\none message: median ${at(0.5)} µs, 99th percentile ${at(0.99)} µs\n`);
}

/** Lines of strangers, given by path and kept nowhere: how many of 10,000 would be raised to high or more. */
function printOrdinary(ear: Ear, file: string): void {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "");
  const raised = lines.filter((line) => rank(ear(line).level) >= rank("high")).length;
  process.stdout.write(
    `\nordinary lines raised: ${((10_000 * raised) / lines.length).toFixed(1)} of 10,000 ${percent({ hits: raised, of: lines.length })}\n`,
  );
}

/** Each author heard by a model that learnt only from the others: what to expect of a stranger's lines. */
function printAuthors(): void {
  const lessons = prepare(FOLDER, learningSet(join(FOLDER, "phrases")));
  // Those with one or two letters wrote without having seen rules or phrases; the other files were written beside them.
  const authors = [...new Set(lessons.sentences.map((s) => s.author))].filter((a) =>
    /^told-[a-z]{1,2}$/.test(a),
  );
  const all: Verdict[] = [];
  for (const author of authors) {
    const { model } = readModel(train(lessons, author), author);
    const heard = judge(
      makeEar(rules, model),
      // Joined lines are not an author's own: their text is not their family's.
      inAllForms(lessons.sentences.filter((s) => s.author === author && s.text === s.family)),
    );
    process.stdout.write(`\nauthor ${author}, heard by what the others taught\n`);
    printTables(heard);
    all.push(...heard);
  }
  process.stdout.write("\nall authors, each heard by what the others taught\n");
  printTables(all);
}

function readBaseline(file: string, lines: readonly LabelledLine[]): Verdict[] {
  const heard = new Map(
    readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((l) => [l.slice(l.indexOf("\t") + 1), l.slice(0, l.indexOf("\t"))]),
  );
  return lines.flatMap((line) => {
    const level = heard.get(line.text.replace(/\s/g, " "));
    return level ? [{ ...line, heard: levelOf(level) }] : [];
  });
}

function printComparison(file: string, verdicts: readonly Verdict[]): void {
  const before = readBaseline(file, verdicts);
  const known = new Set(before.map((v) => v.text));
  const { changed, falls } = compare(
    before,
    verdicts.filter((v) => known.has(v.text)),
  );
  process.stdout.write(`\nagainst ${file}: ${changed.length} lines heard otherwise\n`);
  for (const c of changed) process.stdout.write(`  ${c.before} → ${c.after} (is ${c.label}): ${c.text}\n`);
  process.stdout.write(
    falls.length
      ? `may not be published:\n  ${falls.map(describeFall).join("\n  ")}\n`
      : "may be published: nothing falls\n",
  );
  process.exitCode = falls.length ? 1 : 0;
}

const { rules, problems } = readRiskFolder(FOLDER);
for (const p of problems) process.stderr.write(`${describeProblem(p)}\n`);
const ear = makeEar(rules, loadModel());
const files =
  values.file ??
  [join(FOLDER, "phrases", "dev-1.tsv"), join(FOLDER, "phrases", "dev-4.tsv")].filter((f) => existsSync(f));
const lines = writtenLines(files);
const verdicts = judge(ear, lines);
printTables(verdicts);
printTimes(ear, lines);
if (values.misses) {
  for (const v of verdicts)
    if (v.heard !== v.level && v.form === "marked")
      process.stdout.write(`${v.level} heard as ${v.heard}: ${v.text}\n`);
}
if (values.authors) printAuthors();
if (values.ordinary) printOrdinary(ear, values.ordinary);
if (values.against) printComparison(values.against === "published" ? BASELINE : values.against, verdicts);
if (values.save)
  writeFileSync(BASELINE, verdicts.map((v) => `${v.heard}\t${v.text.replace(/\s/g, " ")}\n`).join(""));
