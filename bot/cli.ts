/**
 * `npm run -s cli -- VERB`: a stable face for scripts. Reads standard input, writes lines, exits non-zero on failure.
 * Each verb loads what it needs: hearing lines must not wait for the whole service.
 */

import { join } from "node:path";
import { Readable } from "node:stream";
import type { Config } from "./config.ts";
import { isClosedPipe } from "./tools/outlet.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = { flows: join(ROOT, "flows"), knowledge: join(ROOT, "knowledge") };

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
  password-link LOGIN                  a one-time link to set a new password, when no administrator can get in
  keys create | show-id                makes the master key of a new installation; names the key without showing it
  keys backup FILE | restore FILE      copies the master key to a safe place, and back; never over another one
  move --to postgres://…               carries the embedded database over, row by row, verified; again after a break
  backup FILE | restore FILE           everything but the keys, from and into either database
  zalo capture [MINUTES]               keeps the next webhooks of the OA for minutes, sealed, for:
  zalo pin [--write .env]              how Zalo signs them; from what was kept, or from {"headers","body"} piped in
  doctor [--apply]                     what is configured, reachable and wrong; --apply sets the bots' neutral names,
                                       descriptions, commands and webhooks, and shows each before and after
`;

// A reader that goes away stops no copy and no move half-way: what was begun ends, and its exit code tells how.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (!isClosedPipe(error)) throw error;
  });
}
process.exitCode = await run(process.argv.slice(2)).catch(failed);

async function run([verb, ...args]: string[]): Promise<number> {
  switch (verb) {
    case "triage":
      return (await import("./tools/triage-verb.ts")).triage(join(FOLDERS.knowledge, "risk"));
    case "search":
      return (await import("./tools/search-verb.ts")).search(FOLDERS.flows, FOLDERS.knowledge, args);
    case "talk":
      return (await import("./tools/flows-verb.ts")).talk(FOLDERS, args, say);
    case "flows":
      return args[0] === "check"
        ? (await import("./tools/flows-verb.ts")).flowsCheck(FOLDERS, args, say)
        : usage();
    case "knowledge":
      return args[0] === "check"
        ? (await import("./tools/knowledge-check.ts")).knowledgeCheck(
            args.slice(1),
            { line: say },
            new Date(),
          )
        : usage();
    case "content":
      return configured(async (config) =>
        (await import("./tools/content-files.ts")).contentFiles(config, args, { say, complain }),
      );
    case "schemas":
      return (await import("./tools/schemas.ts")).writeSchemas(FOLDERS.flows);
    case "requests":
      return (await import("./tools/requests.ts")).requests(args, { say, usage });
    case "password-link":
      return configured(async (config) =>
        (await import("./tools/password-link.ts")).passwordLink(config, args, { say, complain, usage }),
      );
    case "keys":
    case "move":
    case "backup":
    case "restore":
      return configured(async (config) =>
        (await import("./tools/maintain.ts")).maintain(config, verb, args, { say, complain }),
      );
    case "zalo":
      return configured((config) => zaloWork(config, args));
    case "doctor": {
      const { readConfig } = await import("./config.ts");
      return (await import("./tools/doctor.ts")).doctor(readConfig(), args, say);
    }
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(HELP);
      return 0;
    default:
      return usage();
  }
}

/** A stack trace helps nobody who can start a database or give a right. */
async function failed(error: unknown): Promise<number> {
  const sentences = (await import("./tools/told.ts")).sentencesOf(error);
  if (sentences === null) throw error;
  for (const sentence of sentences) complain(sentence);
  return 1;
}

function usage(): number {
  process.stderr.write(HELP);
  return 2;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Work on this installation: only with settings that are right. */
async function configured(work: (config: Config) => Promise<number>): Promise<number> {
  const result = (await import("./config.ts")).readConfig();
  if (result.ok) return work(result.config);
  for (const fault of result.faults) complain(fault);
  return 1;
}

/** The operator's work on the Zalo Official Account. */
async function zaloWork(config: Config, args: readonly string[]): Promise<number> {
  const { zalo } = await import("./tools/zalo.ts");
  return zalo(config, args, {
    say,
    complain,
    usage,
    piped: async () => {
      if (process.stdin.isTTY) return null;
      const text = await new Response(Readable.toWeb(process.stdin) as ReadableStream).text();
      return text.trim() === "" ? null : text;
    },
    withStore: async (work) => {
      const { openInstallation } = await import("./tools/installation.ts");
      const service = await openInstallation(config);
      try {
        return await work(service.parts);
      } finally {
        await service.stop();
      }
    },
  });
}
