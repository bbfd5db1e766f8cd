/** `npm run -s cli -- doctor [--apply]`: what is configured, reachable and wrong; and the platforms' side set right. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examinePostgres } from "../adapters/sql/open.ts";
import { keyNotes, openKeys } from "../assemble/keys.ts";
import { assemble, type Service } from "../assemble.ts";
import type { Config, ConfigResult } from "../config.ts";
import { describeProblem } from "../core/problem.ts";
import type { Profile } from "../ports/channel.ts";
import { isThere, nothingThere } from "./installation.ts";

/**
 * Opens everything as a start would, asks each platform, and says what is wrong; without `--apply` it changes nothing, and
 * where there is no installation yet it makes none. The number is the exit code.
 */
export async function doctor(
  result: ConfigResult,
  args: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const strange = args.filter((arg) => arg !== "--apply");
  if (strange.length > 0) {
    say(`wrong     doctor does not know ${strange.join(" ")}; it is: doctor [--apply]. Nothing was done`);
    return 2;
  }
  if (!result.ok) {
    for (const fault of result.faults) say(`wrong     ${fault}`);
    return 1;
  }
  const { config } = result;
  // What does not answer is told by what opens it.
  if (await isThere(config).catch(() => true)) return examine(config, args, say);
  for (const line of nothingThere(config).split("\n")) say(`note      ${line}`);
  const dataDir = mkdtempSync(join(tmpdir(), "ben-an-doctor-"));
  try {
    if (config.databaseUrl !== null) await examineEmpty(config, config.databaseUrl);
    // To ask the OA spends its first refresh token, and the pair that comes for it would go with this folder.
    if (config.zaloOa !== null)
      say("note      zalo-oa: asked after the first start of the service, which spends and keeps its token");
    const alone = { databaseUrl: null, redisUrl: null, zaloOa: null, role: "all", dataDir } as const;
    return await examine({ ...config, ...alone }, args, say);
  } catch (error) {
    say(`wrong     ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Throws what a first start on this PostgreSQL would be refused for. */
async function examineEmpty(config: Config, url: string): Promise<void> {
  openKeys(config);
  await examinePostgres(url);
}

async function examine(
  config: Config,
  args: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  try {
    const service = await assemble(config, { log: () => {} });
    try {
      const isApplied = args.includes("--apply") ? await apply(service, say) : true;
      const report = await service.services.health.report(true);
      for (const part of report.parts)
        say(`${part.ok ? "fine  " : "wrong "}    ${part.name}: ${part.detail}`);
      for (const p of [...service.parts.library.fileProblems, ...service.parts.library.compiled().problems]) {
        say(`${p.severity === "error" ? "wrong " : "note  "}    ${describeProblem(p)}`);
      }
      for (const warning of [...keyNotes(config), ...report.warnings]) say(`note      ${warning}`);
      return isApplied && report.parts.every((p) => p.ok) ? 0 : 1;
    } finally {
      await service.stop();
    }
  } catch (error) {
    say(`wrong     ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Before the report, so that it tells how things stand afterwards. */
async function apply({ parts }: Service, say: (line: string) => void): Promise<boolean> {
  const profile = profileOf(parts.library.base().settings.texts);
  if (typeof profile === "string") {
    say(`wrong     flows/texts.yaml has no text "${profile}": nothing was changed`);
    return false;
  }
  let isDone = true;
  for (const channel of parts.channels.values()) {
    for (const { what, before, after, failed } of (await channel.apply?.(profile)) ?? []) {
      if (failed !== undefined) {
        isDone = false;
        say(`wrong     ${channel.name} ${what}: could not be set (${failed}); it is "${before}"`);
      } else if (before === after) say(`fine      ${channel.name} ${what}: "${after}"`);
      else say(`set       ${channel.name} ${what}: "${before}" → "${after}"`);
    }
    for (const words of channel.byHand ?? []) say(`by hand   ${channel.name}: ${words}`);
  }
  return isDone;
}

const COMMANDS = ["start", "menu", "thoat"] as const;

/** The neutral face as the operator wrote it; or the key of a text that is missing. */
function profileOf(
  texts: Readonly<Record<string, { readonly vi: string; readonly en: string }>>,
): Profile | string {
  const keys = [
    "profile_name",
    "profile_description",
    "profile_about",
    ...COMMANDS.map((c) => `profile_${c}`),
  ];
  const [name, description, about, ...commands] = keys.map((key) => texts[key]);
  const missing = keys.find((key) => !texts[key]);
  if (!name || !description || !about || missing !== undefined) return missing ?? "profile_name";
  return {
    name,
    description,
    about,
    commands: COMMANDS.flatMap((command, n) => {
      const words = commands[n];
      return words ? [{ command, description: words }] : [];
    }),
  };
}
