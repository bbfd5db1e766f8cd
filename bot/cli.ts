/** `npm run -s cli -- VERB` (begun by verb.ts, which takes `triage` itself): a stable face for scripts. Reads standard input, writes lines, exits non-zero on failure. */

import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileSources } from "./adapters/files/sources.ts";
import { type Compiled, compile, makeReader, searchData, worldFor } from "./app/library.ts";
import { assemble, ROOT } from "./assemble.ts";
import { capsOf } from "./channel-caps.ts";
import { readConfig } from "./config.ts";
import { dayOf } from "./core/day.ts";
import type { Lang } from "./core/message.ts";
import { describeProblem, type Problem } from "./core/problem.ts";
import { sayProblem } from "./core/problem-words.ts";
import { beginRehearsal, describeEffect, describeMessage, type Moved, move } from "./core/rehearsal.ts";
import { makeSearch } from "./core/retrieval/make-search.ts";
import { readTalk } from "./core/talk.ts";
import { searchLines } from "./search-lines.ts";
import { knowledgeCheck } from "./tools/knowledge-check.ts";
import { writeSchemas } from "./tools/schemas.ts";

const FLOWS = join(ROOT, "flows");
const KNOWLEDGE = join(ROOT, "knowledge");

const HELP = `npm run -s cli -- VERB
  talk [--channel web] [--lang vi]     a conversation in the terminal: lines in, the talk form out;
                                       [Label] taps a choice, ~ 2m lets time pass, = claim Mai is the desk
  triage                               one message a line in, {"level","reasons"} out
  search [--k N] [--corpus FILE]       one question a line in, {"query","answered","hits"} out
  flows check [--lang vi]              faults in flows/, with file, line and field
  knowledge check [FOLDER] [--lang vi] faults in knowledge/
  content export --to FOLDER           every published text, rule and setting as files, as in flows/ and knowledge/
  content import --from FOLDER         takes such files in, all or none, as drafts; --publish at once,
                                       --accept "reason" where golden questions fall, --lang vi for the problems
  schemas                              writes the JSON Schemas that editors complete from
  requests [answered|done CODE]        requests on personal data with their due days; marks one
  keys create | show-id                makes the master key of a new installation; names the key without showing it
  keys backup FILE | restore FILE      copies the master key to a safe place, and back; never over another one
  move --to postgres://…               carries the embedded database over, row by row, verified; again after a break
  backup FILE | restore FILE           everything but the keys, from and into either database
  zalo capture [MINUTES]               keeps the next webhooks of the OA for minutes, sealed, for:
  zalo pin [--write .env]              how Zalo signs them; from what was kept, or from {"headers","body"} piped in
  doctor [--apply]                     what is configured, reachable and wrong; --apply sets the bots' neutral names,
                                       descriptions, commands and webhooks, and shows each before and after
`;

process.exitCode = await run(process.argv.slice(2));

async function run([verb, ...args]: string[]): Promise<number> {
  switch (verb) {
    case "talk":
      return talk(args);
    case "search":
      return search(args);
    case "flows":
      return args[0] === "check" ? flowsCheck(option(args, "lang") === "vi" ? "vi" : "en") : usage();
    case "knowledge":
      return args[0] === "check" ? knowledgeCheck(args.slice(1), { line: say }, new Date()) : usage();
    case "content":
      return content(args);
    case "schemas":
      return writeSchemas(FLOWS);
    case "requests":
      return (await import("./tools/requests.ts")).requests(args, { say, usage });
    case "keys":
    case "move":
    case "backup":
    case "restore":
      return upkeep(verb, args);
    case "zalo":
      return zaloWork(args);
    case "doctor":
      return (await import("./tools/doctor.ts")).doctor(readConfig(), args, say);
    default:
      return usage();
  }
}

function usage(): number {
  process.stderr.write(HELP);
  return 2;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
}

/** Flows and knowledge of this folder, without a store. */
async function compiled(): Promise<Compiled & { readonly fileProblems: readonly Problem[] }> {
  const files = await fileSources(FLOWS, KNOWLEDGE).read();
  return {
    ...compile(files.sources, files, 0, dayOf(Date.now()), makeReader()),
    fileProblems: files.problems,
  };
}

function tell(problems: readonly Problem[], lang: Lang = "en"): number {
  for (const p of problems)
    process.stderr.write(`${p.severity}: ${describeProblem(p, sayProblem(p, lang))}\n`);
  return problems.some((p) => p.severity === "error") ? 1 : 0;
}

async function search(args: readonly string[]): Promise<number> {
  const corpus = option(args, "corpus");
  const k = Number(option(args, "k") ?? 5);
  if (!Number.isInteger(k) || k < 1 || k > 1_000) {
    process.stderr.write("--k is a whole number from 1 to 1000\n");
    return 2;
  }
  const files = await fileSources(FLOWS, KNOWLEDGE).read(corpus ? "search" : undefined);
  const problems: Problem[] = [];
  const data = searchData(files, problems);
  if (!data) return tell(problems);
  const today = dayOf(Date.now());
  const own = () => {
    const { parsed } = compile(files.sources, files, 0, today, makeReader());
    const all = [...parsed.values()];
    return makeSearch(
      all.flatMap((p) => (p.is === "article" ? [p.article] : [])),
      all.flatMap((p) => (p.is === "services" ? p.services : [])),
      all.flatMap((p) => (p.is === "provinces" ? p.provinces : [])),
      data,
    );
  };
  try {
    return tell(
      await searchLines(
        { k, today, ...(corpus ? { corpus } : {}) },
        { data, search: own },
        process.stdin,
        process.stdout,
      ),
    );
  } catch (error) {
    process.stderr.write(
      `${corpus ?? "knowledge"} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }
}

async function flowsCheck(lang: Lang): Promise<number> {
  const { problems, fileProblems } = await compiled();
  const ours = [...fileProblems, ...problems].filter((p) => p.file?.startsWith("flows/"));
  const failed = tell(ours, lang);
  if (failed === 0) say("flows: no faults");
  return failed;
}

async function talk(args: readonly string[]): Promise<number> {
  const channel = option(args, "channel") ?? "web";
  const lang = option(args, "lang") ?? "vi";
  const head = readTalk(`# talk\n@ ${channel} ${lang}\n`, "talk");
  const { base, problems } = await compiled();
  if (!head.talk || !base) return tell([...head.problems, ...problems]);
  const started = new Date();
  const r = beginRehearsal(worldFor(base, capsOf(head.talk.channel)), started.getTime(), head.talk.lang);
  say(`# talk of ${started.toISOString().slice(0, 16)}\n@ ${channel} ${lang} ${started.toISOString()}`);
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const row of lines) {
    const written = /^[~=]/.test(row) ? row : `> ${row.replace(/^> ?/, "")}`;
    const [step] = readTalk(`# t\n@ web vi\n${written}\n`, "talk").talk?.steps ?? [];
    const moved = step ? move(r, step) : null;
    say(written);
    if (moved) print(moved);
    else say(`# this cannot be done here`);
  }
  return 0;
}

function print({ sent, effects }: Moved): void {
  for (const message of sent) say(describeMessage(message));
  for (const words of effects.map(describeEffect)) if (words) say(`! ${words}`);
}

/** Edited things as files, out of and into this installation. */
async function content(args: readonly string[]): Promise<number> {
  const result = readConfig();
  const complain = (line: string) => process.stderr.write(`${line}\n`);
  if (!result.ok) {
    for (const fault of result.faults) complain(fault);
    return 1;
  }
  return (await import("./tools/content-files.ts")).contentFiles(result.config, args, { say, complain });
}

/** Work on the installation itself: keys, copies. */
async function upkeep(verb: string, args: readonly string[]): Promise<number> {
  const result = readConfig();
  if (!result.ok) {
    for (const fault of result.faults) process.stderr.write(`${fault}\n`);
    return 1;
  }
  const { maintain } = await import("./tools/maintain.ts");
  return maintain(result.config, verb, args, { say, complain: (line) => process.stderr.write(`${line}\n`) });
}

/** The operator's work on the Zalo Official Account. */
async function zaloWork(args: readonly string[]): Promise<number> {
  const result = readConfig();
  if (!result.ok) {
    for (const fault of result.faults) process.stderr.write(`${fault}\n`);
    return 1;
  }
  const { zalo } = await import("./tools/zalo.ts");
  return zalo(result.config, args, {
    say,
    complain: (line) => process.stderr.write(`${line}\n`),
    usage,
    piped: async () => {
      if (process.stdin.isTTY) return null;
      const text = await new Response(Readable.toWeb(process.stdin) as ReadableStream).text();
      return text.trim() === "" ? null : text;
    },
    withStore: async (work) => {
      const service = await assemble(result.config, { log: () => {} });
      try {
        return await work(service.parts);
      } finally {
        await service.stop();
      }
    },
  });
}
