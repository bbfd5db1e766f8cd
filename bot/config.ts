/** Settings from the environment: the only reader of `process.env`. All faults are reported at once. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { z } from "zod";

const LEVELS = ["debug", "info", "warn", "error"] as const;
const ROLES = ["all", "web", "worker"] as const;
const SEND_RATES = ["own", "always"] as const;
const SIGNATURES = [
  "app_id+oa_secret_key",
  "oa_id+oa_secret_key",
  "app_id+app_secret",
  "oa_id+app_secret",
] as const;

const PORT_FORM = "must be a whole number from 0 to 65535";

/** The commonest slip in an address: a password with signs that mean something there. */
const READABLE =
  "can't be read as an address: is the port a number? In the password write / as %2F, # as %23, ? as %3F, @ as %40, % as %25";

function isReadable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** A plain http address is taken only on loopback, so that stand-ins can be used; everything else is https. */
const webAddress = z
  .url({ protocol: /^https?$/, error: "is not an address like https://example.org", abort: true })
  .refine(
    (u) => u.startsWith("https:") || isLoopback(u),
    "must begin with https:// (plain http only on this machine)",
  )
  .transform((u) => u.replace(/\/+$/, ""));

const schema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT_FORM)
    .transform(Number)
    .refine((port) => port <= 65_535, PORT_FORM)
    .default(8080),
  HOST: z.string().default("127.0.0.1"),
  PUBLIC_URL: webAddress.optional(),
  DATA_DIR: z.string().min(1).default(".data"),
  CACHE_DIR: z.string().min(1).optional(),
  MASTER_KEY: z.string().min(40, "must be 32 bytes as base64").optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, "must look like 123456:letters")
    .optional(),
  TELEGRAM_API_ROOT: webAddress.optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, "has 1 to 256 letters, digits, _ and -")
    .optional(),
  TELEGRAM_DESK_GROUP: z
    .string()
    .regex(/^-\d{5,16}$/, "is the chat id of a supergroup, like -1001234567890")
    .optional(),
  TELEGRAM_DESK_STAFF: z
    .string()
    .regex(/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/, "is a list like mai:123456789,lan:987654321")
    // What she does there would be another's in the trail.
    .refine((list) => staffOf(list).size === list.split(",").length, "names a Telegram account twice")
    .optional(),
  ZALO_BOT_TOKEN: z
    .string()
    .regex(/^\d+:\S+$/, "must look like 123456:letters")
    .optional(),
  ZALO_BOT_API_BASE: webAddress.optional(),
  ZALO_BOT_WEBHOOK_SECRET: z.string().min(8, "has 8 to 256 characters").max(256).optional(),
  ZALO_OA_ID: z.string().optional(),
  ZALO_OA_APP_ID: z.string().optional(),
  ZALO_OA_APP_SECRET: z.string().optional(),
  ZALO_OA_SECRET_KEY: z.string().optional(),
  ZALO_OA_REFRESH_TOKEN: z.string().optional(),
  ZALO_OA_SIGNATURE: z
    .enum(SIGNATURES, `is one of ${SIGNATURES.join(", ")} (see \`npm run -s cli -- zalo pin\`)`)
    .optional(),
  ZALO_OA_API_BASE: webAddress.optional(),
  ZALO_OA_OAUTH_BASE: webAddress.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: webAddress.optional(),
  OPENAI_MODEL: z.string().optional(),
  OPENAI_EMBEDDING_MODEL: z.string().optional(),
  SEND_RATES: z.enum(SEND_RATES, `is one of ${SEND_RATES.join(", ")}`).default("own"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: "must begin with postgres://", abort: true })
    .refine(isReadable, READABLE)
    .optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?(\+sentinel)?:\/\//,
      "must begin with redis://, rediss://, redis+sentinel:// or rediss+sentinel://",
    )
    .optional(),
  ROLE: z.enum(ROLES, `is one of ${ROLES.join(", ")}`).default("all"),
  LOG_LEVEL: z.enum(LEVELS, `is one of ${LEVELS.join(", ")}`).default("info"),
});

type Env = z.output<typeof schema>;

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute: where what was read and indexed is kept between two starts; null: beside the build. */
  readonly cacheDir: string | null;
  readonly masterKey: string | null;
  readonly role: Env["ROLE"];
  readonly logLevel: Env["LOG_LEVEL"];
  /** own: each platform's rates are kept at its own address; always: at stand-ins too. */
  readonly sendRates: (typeof SEND_RATES)[number];
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly telegram: {
    readonly token: string;
    readonly apiRoot?: string;
    readonly webhookSecret?: string;
    /** The counsellors' forum: its chat id, and the console's login by Telegram account. */
    readonly forum?: { readonly group: number; readonly staff: ReadonlyMap<string, string> };
  } | null;
  readonly zaloBot: {
    readonly token: string;
    readonly apiBase?: string;
    readonly webhookSecret?: string;
  } | null;
  /** A language model, embeddings, or both, behind one OpenAI-compatible address. */
  readonly openai: {
    readonly apiKey?: string;
    readonly baseUrl: string;
    readonly model?: string;
    readonly embeddingModel?: string;
  } | null;
  readonly zaloOa: {
    readonly oaId: string;
    readonly appId: string;
    readonly appSecret: string;
    readonly secretKey: string;
    readonly refreshToken: string;
    /** First term and key of the webhook's signature. */
    readonly signature?: string;
    readonly apiBase?: string;
    readonly oauthBase?: string;
  } | null;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads `.env` (if there is one; the environment wins) and the environment. */
export function readConfig(): ConfigResult {
  try {
    if (existsSync(".env")) loadEnvFile(".env");
  } catch {
    // What Node says of it would mislead: that there is no such file.
    const fault = `${resolve(".env")} is there, but this account can't read it: give it the right, or move the file away`;
    return { ok: false, faults: [fault] };
  }
  return configFrom(process.env);
}

/** An empty value is the same as none: `.env.example` can be copied as it is. */
export function configFrom(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = schema.safeParse(given);
  // A wrong value must not hide that another one is missing: both lists are made from what was given.
  const faults = [
    ...(parsed.error?.issues ?? []).map((i) => `${i.path.join(".")} ${i.message}`),
    ...halfSet(given),
  ];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  return { ok: true, config: configOf(parsed.data) };
}

/** A channel that is half set refuses to start and says what is missing. */
function halfSet(given: Readonly<Record<string, string | undefined>>): string[] {
  const faults: string[] = [];
  const has = (name: string) => given[name] !== undefined;
  const needs = (name: string, because: string) => {
    if (!has(name)) faults.push(`${name} is missing: ${because}`);
  };
  for (const [secret, token] of [
    ["TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_BOT_TOKEN"],
    ["ZALO_BOT_WEBHOOK_SECRET", "ZALO_BOT_TOKEN"],
  ] as const) {
    if (!has(secret)) continue;
    needs(token, `${secret} is set`);
    needs("PUBLIC_URL", `${secret} asks for a webhook, which the platform must reach`);
  }
  if (has("TELEGRAM_DESK_GROUP") || has("TELEGRAM_DESK_STAFF")) {
    const why = "the counsellors' Telegram group is only half set";
    for (const name of ["TELEGRAM_BOT_TOKEN", "TELEGRAM_DESK_GROUP", "TELEGRAM_DESK_STAFF"]) needs(name, why);
  }
  const oa = [
    "ZALO_OA_ID",
    "ZALO_OA_APP_ID",
    "ZALO_OA_APP_SECRET",
    "ZALO_OA_SECRET_KEY",
    "ZALO_OA_REFRESH_TOKEN",
  ];
  if (oa.some(has)) {
    for (const name of [...oa, "PUBLIC_URL"]) needs(name, "the Zalo Official Account is only half set");
  }
  if (has("OPENAI_API_KEY") || has("OPENAI_MODEL") || has("OPENAI_EMBEDDING_MODEL")) {
    if (!has("OPENAI_MODEL") && !has("OPENAI_EMBEDDING_MODEL"))
      needs("OPENAI_MODEL", "a key is set, but no model");
  }
  if (has("REDIS_URL")) needs("DATABASE_URL", "REDIS_URL is for many machines, which share a PostgreSQL");
  if (given.ROLE === "web" || given.ROLE === "worker") {
    needs("DATABASE_URL", `ROLE=${given.ROLE} runs apart from the others, which share a PostgreSQL`);
    needs("REDIS_URL", `ROLE=${given.ROLE} is woken by others over Redis`);
  }
  return faults;
}

function configOf(env: Env): Config {
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? null,
    dataDir: resolve(env.DATA_DIR),
    cacheDir: env.CACHE_DIR === undefined ? null : resolve(env.CACHE_DIR),
    masterKey: env.MASTER_KEY ?? null,
    role: env.ROLE,
    logLevel: env.LOG_LEVEL,
    sendRates: env.SEND_RATES,
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    telegram: env.TELEGRAM_BOT_TOKEN
      ? {
          token: env.TELEGRAM_BOT_TOKEN,
          ...some("apiRoot", env.TELEGRAM_API_ROOT),
          ...some("webhookSecret", env.TELEGRAM_WEBHOOK_SECRET),
          ...(env.TELEGRAM_DESK_GROUP && env.TELEGRAM_DESK_STAFF
            ? { forum: { group: Number(env.TELEGRAM_DESK_GROUP), staff: staffOf(env.TELEGRAM_DESK_STAFF) } }
            : {}),
        }
      : null,
    zaloBot: env.ZALO_BOT_TOKEN
      ? {
          token: env.ZALO_BOT_TOKEN,
          ...some("apiBase", env.ZALO_BOT_API_BASE),
          ...some("webhookSecret", env.ZALO_BOT_WEBHOOK_SECRET),
        }
      : null,
    openai:
      env.OPENAI_MODEL || env.OPENAI_EMBEDDING_MODEL
        ? {
            baseUrl: env.OPENAI_BASE_URL ?? "https://api.openai.com/v1",
            ...some("apiKey", env.OPENAI_API_KEY),
            ...some("model", env.OPENAI_MODEL),
            ...some("embeddingModel", env.OPENAI_EMBEDDING_MODEL),
          }
        : null,
    zaloOa:
      env.ZALO_OA_ID &&
      env.ZALO_OA_APP_ID &&
      env.ZALO_OA_APP_SECRET &&
      env.ZALO_OA_SECRET_KEY &&
      env.ZALO_OA_REFRESH_TOKEN
        ? {
            oaId: env.ZALO_OA_ID,
            appId: env.ZALO_OA_APP_ID,
            appSecret: env.ZALO_OA_APP_SECRET,
            secretKey: env.ZALO_OA_SECRET_KEY,
            refreshToken: env.ZALO_OA_REFRESH_TOKEN,
            ...some("apiBase", env.ZALO_OA_API_BASE),
            ...some("oauthBase", env.ZALO_OA_OAUTH_BASE),
            ...some("signature", env.ZALO_OA_SIGNATURE),
          }
        : null,
  };
}

/** "mai:123,lan:456" → console login by account. */
function staffOf(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(",").map((pair) => {
      const [login = "", account = ""] = pair.split(":");
      return [account, login];
    }),
  );
}

function some<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}

function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
