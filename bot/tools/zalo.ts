/** `npm run -s cli -- zalo capture | pin`: settles how Zalo signs this OA's webhooks, on one real event. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { jsonOf } from "../adapters/wire.ts";
import { readHead } from "../adapters/zalo-oa/parse.ts";
import {
  fittingSchemes,
  SIGNATURE_HEADER,
  type SigningScheme,
  type SigningTerms,
  schemeName,
} from "../adapters/zalo-oa/signature.ts";
import {
  type CapturedEvent,
  captured,
  closeCapture,
  MAX_CAPTURE_MINUTES,
  openCapture,
} from "../app/capture.ts";
import type { Parts } from "../app/parts.ts";
import type { Config } from "../config.ts";

export interface ZaloFace {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly usage: () => number;
  /** What was piped in; null: nothing was. */
  readonly piped: () => Promise<string | null>;
  /** The store of this installation, opened when it is needed and closed again. */
  readonly withStore: <T>(
    work: (parts: Pick<Parts, "store" | "vault" | "clock">) => Promise<T>,
  ) => Promise<T>;
}

const CAPTURE_MINUTES = 10;

/** Runs one verb; the number is the exit code. */
export async function zalo(config: Config, args: readonly string[], face: ZaloFace): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== "capture" && verb !== "pin") return face.usage();
  if (!config.zaloOa) {
    face.complain(
      "The Zalo Official Account is not set: fill in the five ZALO_OA_… settings and PUBLIC_URL first.",
    );
    return 1;
  }
  return verb === "capture" ? capture(rest, face) : pin(config.zaloOa, rest, face);
}

async function capture([given]: readonly string[], { say, complain, withStore }: ZaloFace): Promise<number> {
  const minutes = given === undefined ? CAPTURE_MINUTES : Number(given);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MAX_CAPTURE_MINUTES) {
    complain(`write the minutes as a whole number from 1 to ${MAX_CAPTURE_MINUTES}`);
    return 2;
  }
  await withStore((parts) => openCapture(parts, "zalo-oa", minutes));
  say(`For ${minutes} minutes the last webhooks of Zalo are kept, sealed. They hold what was written:`);
  say(
    "do this while nobody else writes. Now write one harmless word to the OA from your own phone, then run:",
  );
  say("  npm run -s cli -- zalo pin");
  return 0;
}

async function pin(
  oa: NonNullable<Config["zaloOa"]>,
  args: readonly string[],
  face: ZaloFace,
): Promise<number> {
  const terms: SigningTerms = {
    appId: oa.appId,
    oaId: oa.oaId,
    oaSecretKey: oa.secretKey,
    appSecret: oa.appSecret,
  };
  const piped = await face.piped();
  const events = piped === null ? await face.withStore((p) => captured(p, "zalo-oa")) : [readEvent(piped)];
  if (events.length === 0) {
    face.complain("No webhook was kept. Run `zalo capture` first, write one word to the OA, and try again;");
    face.complain(
      'or pipe one in: {"headers":{"x-zevent-signature":"mac=…"},"body":"the very bytes as text"}',
    );
    return 1;
  }
  const found = events.map((event) => schemesOf(event, terms));
  const fitting = found.find((one) => one.schemes.length > 0)?.schemes[0];
  if (!fitting) {
    for (const why of new Set(found.map((one) => one.why))) face.complain(why);
    return 1;
  }
  const line = `ZALO_OA_SIGNATURE=${schemeName(fitting)}`;
  face.say(line);
  // The words of whoever wrote it are not kept a moment longer than needed.
  if (piped === null) await face.withStore((p) => closeCapture(p, "zalo-oa"));
  const file = args[0] === "--write" ? (args[1] ?? ".env") : null;
  if (file === null) {
    face.say("Put this line into .env (or run `zalo pin --write .env`) and restart the service.");
    return 0;
  }
  try {
    writeSetting(file, line);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unknown";
    face.complain(
      `${file} can't be written here (${code}). Put the line where the service has its settings (under systemd /etc/ben-an.env) and restart it.`,
    );
    return 1;
  }
  face.say(`written to ${file}; restart the service`);
  return 0;
}

const pipedSchema = z.union([
  z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
  z.object({ headers: z.record(z.string(), z.string()), bodyBase64: z.base64() }),
]);

function readEvent(text: string): CapturedEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { headers: {}, body: new Uint8Array() };
  }
  const read = pipedSchema.safeParse(json);
  if (!read.success) return { headers: {}, body: new Uint8Array() };
  const headers = Object.fromEntries(
    Object.entries(read.data.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const body =
    "body" in read.data ? Buffer.from(read.data.body) : Buffer.from(read.data.bodyBase64, "base64");
  return { headers, body };
}

/** The schemes that fit; with none, the most useful thing to say about it. */
function schemesOf(
  { headers, body }: CapturedEvent,
  terms: SigningTerms,
): { readonly schemes: readonly SigningScheme[]; readonly why: string } {
  const none = (why: string) => ({ schemes: [], why });
  const header = headers[SIGNATURE_HEADER];
  if (header === undefined)
    return none(
      `An event has no ${SIGNATURE_HEADER} header, or is not {"headers":{…},"body":"…"}: a proxy may have dropped it.`,
    );
  const head = readHead(jsonOf(body));
  if (!head) return none("An event's body is not one of Zalo's: it has no app_id, event_name and timestamp.");
  if (head.appId !== terms.appId) {
    return none(`An event is of the app ${head.appId}, but ZALO_OA_APP_ID is ${terms.appId}.`);
  }
  return {
    schemes: fittingSchemes(body, header, head.timestamp, terms),
    why: "None of the four ways fits: ZALO_OA_SECRET_KEY (webhook page), ZALO_OA_APP_SECRET or ZALO_OA_ID is wrong, or a proxy changed the body.",
  };
}

/** Replaces the setting's line, or adds it at the end. */
function writeSetting(file: string, line: string): void {
  const [name] = line.split("=");
  const lines = existsSync(file) ? readFileSync(file, "utf8").replace(/\n$/, "").split("\n") : [];
  const at = lines.findIndex((l) => l.startsWith(`${name}=`));
  if (at < 0) lines.push(line);
  else lines[at] = line;
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}
