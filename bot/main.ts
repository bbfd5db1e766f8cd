/** `npm start`: builds the console if it is not built, opens everything, serves, and ends cleanly. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { holdAlone } from "./adapters/sql/alone.ts";
import { keyNotes } from "./assemble/keys.ts";
import { assemble, ROOT, type Service, VERSION } from "./assemble.ts";
import { type Config, readConfig } from "./config.ts";
import { sentencesOf } from "./tools/told.ts";
import { hookDoor } from "./web/hooks.ts";
import { makeHealthServer, makeServer, type Serving, serve } from "./web/server.ts";

const CONSOLE_DIR = join(ROOT, "dist", "console");

const result = readConfig();
if (!result.ok) {
  fail("The settings are wrong:", result.faults);
} else {
  const { databaseUrl } = result.config;
  await main(result.config).catch(async (error: unknown) =>
    fail("Bến An cannot start:", sentences(databaseUrl ? await broken(error, databaseUrl) : error)),
  );
}

async function main(config: Config): Promise<void> {
  if (config.role !== "worker") await buildConsole();
  const service = await assemble(config);
  let serving: Serving | undefined;
  const app =
    config.role === "worker"
      ? makeHealthServer(service.services.health)
      : makeServer({
          services: service.services,
          log: service.parts.log,
          publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
          consoleDir: CONSOLE_DIR,
        });
  try {
    if (!config.databaseUrl) holdAlone(join(config.dataDir, "running.lock"));
    const door = config.role === "worker" ? undefined : hookDoor(service.services.hooks, service.parts.log);
    serving = await serve(app, config.port, config.host, door);
  } catch (error) {
    await service.stop();
    throw error;
  }
  await service.start();
  endOn(["SIGINT", "SIGTERM"], service, serving);
  await greet(config, service, serving.port);
}

async function greet(config: Config, service: Service, port: number): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const url = config.publicUrl ?? `http://localhost:${port}`;
  say(`\nBến An ${VERSION}${config.role === "all" ? "" : ` (${config.role})`}`);
  if (config.role !== "worker") {
    say(`  survivors' page   ${url}/`);
    say(`  console           ${url}/console`);
    const first = await service.services.accounts.firstLink();
    if (first) {
      say(`  first administrator, one-time link, good for a day:`);
      say(`                    ${url}/console/#/invite/${first}`);
    }
  }
  // Not at the public address: the proxy keeps it to itself, and a worker is not there at all.
  say(`  health            http://${hostOf(config)}:${port}/healthz`);
  say(`  channels          ${[...service.parts.channels.keys()].join(", ")}`);
  say(`  data              ${config.databaseUrl ? "PostgreSQL" : config.dataDir}`);
  if (service.newKeyFile) {
    say(`\n  A key was made: ${service.newKeyFile}`);
    say(`  Copy it to a safe place that is not beside the database (a printed page, a locked drive).`);
    say(`  Without it nothing in the database can be read; with it everything can.`);
  }
  const { parts, warnings } = await service.services.health.report();
  for (const { name, ok, detail } of parts) if (!ok) say(`  wrong: ${name}: ${detail}`);
  for (const warning of [...keyNotes(config), ...warnings]) say(`  note: ${warning}`);
  say("");
}

/** How this machine reaches itself. */
function hostOf({ host }: Config): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host.includes(":") ? `[${host === "::" ? "::1" : host}]` : host;
}

function endOn(signals: readonly NodeJS.Signals[], service: Service, serving: Serving | undefined): void {
  let ending = false;
  const end = async () => {
    // A second Ctrl-C means now.
    if (ending) process.exit(130);
    ending = true;
    // Readiness falls first, then no more requests, then the work that runs; the store closes when nobody asks any more.
    await service.stop(serving?.close);
    process.exit(0);
  };
  for (const signal of signals) process.on(signal, () => void end());
}

async function buildConsole(): Promise<void> {
  if (existsSync(join(CONSOLE_DIR, "index.html"))) return;
  process.stdout.write("Building the console (once) …\n");
  const { build } = await import("vite");
  await build({ configFile: join(ROOT, "bot", "console", "vite.config.ts"), logLevel: "warn" });
}

/** PostgreSQL may go away in the middle of the start, and then nobody here tries again. */
async function broken(error: unknown, databaseUrl: string): Promise<unknown> {
  return (await import("./adapters/sql/postgres-errors.ts")).atStart(error, databaseUrl);
}

/** What a person who runs this can do about it. */
function sentences(error: unknown): readonly string[] {
  const told = sentencesOf(error);
  if (told) return told;
  if (!(error instanceof Error)) return [String(error)];
  if ("code" in error && error.code === "EADDRINUSE")
    return ["the port is taken: set PORT to another one, or end the program that uses it"];
  if ("code" in error && error.code === "EACCES")
    return ["this port needs rights that we do not have: set PORT to a number above 1023"];
  if ("syscall" in error && ["listen", "getaddrinfo"].includes(String(error.syscall)))
    return [
      `HOST is not an address of this machine (${"code" in error ? error.code : ""}): take 127.0.0.1, 0.0.0.0, or leave it out`,
    ];
  return [error.message];
}

function fail(title: string, faults: readonly string[]): never {
  process.stderr.write(`${title}\n${faults.map((f) => `  - ${f}`).join("\n")}\n`);
  process.exit(1);
}
