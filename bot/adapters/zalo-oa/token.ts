/** The OA's access token: renewed at 80 % of its life by one process at a time, on disk before it is used, never logged. */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { post } from "../wire.ts";

/** Where the pair is kept, encrypted; for all processes the same. */
export interface TokenShelf {
  get(): Promise<{ readonly text: string; readonly version: number } | null>;
  /** Writes only if nothing was written since `expect` was read (null: nothing is there). false: somebody else was first. */
  put(text: string, expect: number | null): Promise<boolean>;
}

export interface TokenOptions {
  readonly oauthBase: string;
  readonly appId: string;
  readonly appSecret: string;
  /** The one that an OA administrator's consent gave. A new one here replaces whatever the shelf holds. */
  readonly firstRefreshToken: string;
  readonly shelf: TokenShelf;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
}

const RENEW_AT = 0.8;
/** Longer than a renewal can take: a process that died in the middle holds the others up no longer than this. */
const CLAIM_MS = 60_000;
/** How often, and for how long in all, a message waits for another process's renewal; then the outbox tries again. */
const LOOK_AGAIN_MS = 500;
const MAX_WAIT_MS = 15_000;
const AFTER_FAILURE_MS = 60_000;
const SAVE_TRIES = 5;
/** Alarm from the second failure on: only a new consent may mend it. */
const ALARM_AFTER = 2;

const pairSchema = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  obtainedAt: z.number(),
  expiresAt: z.number(),
  /** Which consent the pair descends from: a hash of its first refresh token. */
  consent: z.string(),
});
const recordSchema = z.object({
  pair: pairSchema.optional(),
  claim: z.object({ by: z.string(), until: z.number() }).optional(),
});
const grantSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  // Zalo sends seconds as a string.
  expires_in: z.coerce.number().positive(),
});
const refusedSchema = z.object({ error: z.coerce.number() });

type Pair = z.infer<typeof pairSchema>;
type Kept = z.infer<typeof recordSchema>;

export class TokenKeeper {
  readonly #o: TokenOptions;
  readonly #me: string;
  readonly #consent: string;
  #pair: Pair | undefined;
  /** A pair that Zalo gave and that is not on disk yet: not used, and not let go. */
  #unsaved: Pair | undefined;
  #renewing: Promise<void> | undefined;
  #failures = 0;
  #notBefore = 0;

  constructor(options: TokenOptions) {
    this.#o = options;
    this.#me = options.clock.token(9);
    this.#consent = createHash("sha256").update(options.firstRefreshToken).digest("hex").slice(0, 16);
  }

  /** A token that should be good, or null: none can be had now. Throws nothing. */
  async current(): Promise<string | null> {
    if (this.#isFresh(this.#pair)) return this.#pair.accessToken;
    await this.#renew(undefined);
    return this.#alive(undefined);
  }

  /** Zalo refused `token`: another one, or null. */
  async replace(token: string): Promise<string | null> {
    await this.#renew(token);
    return this.#alive(token);
  }

  /** Resolves when no renewal is on its way: a pair that is not on disk when the process ends is lost, and the OA with it. */
  async rest(): Promise<void> {
    await this.#renewing;
  }

  /** For masking in logs. */
  get secrets(): readonly string[] {
    const pairs = [this.#pair, this.#unsaved].filter((pair) => pair !== undefined);
    return [this.#o.firstRefreshToken, ...pairs.flatMap((pair) => [pair.accessToken, pair.refreshToken])];
  }

  /** Consecutive failures, and until when what we have is good (epoch ms, 0: nothing). */
  get health(): { readonly failures: number; readonly goodUntil: number } {
    return { failures: this.#failures, goodUntil: this.#pair?.expiresAt ?? 0 };
  }

  #isFresh(pair: Pair | undefined): pair is Pair {
    if (!pair) return false;
    return this.#o.clock.now() < pair.obtainedAt + (pair.expiresAt - pair.obtainedAt) * RENEW_AT;
  }

  #alive(refused: string | undefined): string | null {
    const pair = this.#pair;
    if (!pair || pair.accessToken === refused || this.#o.clock.now() >= pair.expiresAt) return null;
    return pair.accessToken;
  }

  /** One renewal at a time in this process; the claim on the shelf makes it one in all processes. */
  #renew(refused: string | undefined): Promise<void> {
    this.#renewing ??= this.#turns(refused)
      .catch(() => {
        this.#fail("zalo-oa.token_shelf_unreachable");
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #turns(refused: string | undefined): Promise<void> {
    for (const end = this.#o.clock.now() + MAX_WAIT_MS; this.#o.clock.now() <= end; ) {
      if (this.#unsaved && !(await this.#save(this.#unsaved))) return;
      const shelved = await this.#o.shelf.get();
      const kept = this.#read(shelved?.text);
      if (kept.pair?.consent === this.#consent) this.#pair = kept.pair;
      if (this.#isFresh(this.#pair) && this.#pair.accessToken !== refused) return;
      const now = this.#o.clock.now();
      const isOthers = kept.claim !== undefined && kept.claim.until > now && kept.claim.by !== this.#me;
      if (isOthers || now < this.#notBefore) {
        // What we have is still good: nobody has to wait for its successor.
        if (this.#alive(refused) !== null || !isOthers) return;
        await this.#pause();
        continue;
      }
      const claim = { by: this.#me, until: now + CLAIM_MS };
      if (!(await this.#o.shelf.put(JSON.stringify({ ...kept, claim }), shelved?.version ?? null))) continue;
      return this.#exchange(kept.pair?.consent === this.#consent ? kept.pair : undefined);
    }
  }

  /** Spends the refresh token, which works once: from here to the saved answer no step may be skipped. */
  async #exchange(old: Pair | undefined): Promise<void> {
    const answer = await this.#ask(old?.refreshToken ?? this.#o.firstRefreshToken);
    if (answer.ok) {
      this.#unsaved = answer.pair;
      await this.#save(answer.pair);
      return;
    }
    await this.#release();
    this.#fail(answer.code);
  }

  async #ask(refreshToken: string): Promise<{ ok: true; pair: Pair } | { ok: false; code: string }> {
    const obtainedAt = this.#o.clock.now();
    const reply = await post({
      url: `${this.#o.oauthBase}/v4/oa/access_token`,
      headers: { "content-type": "application/x-www-form-urlencoded", secret_key: this.#o.appSecret },
      body: new URLSearchParams({
        grant_type: "refresh_token",
        app_id: this.#o.appId,
        refresh_token: refreshToken,
      }).toString(),
      timeoutMs: this.#o.timeoutMs,
    });
    if (!reply.ok) return { ok: false, code: `zalo-oa.token_${reply.failure}` };
    const grant = grantSchema.safeParse(reply.json);
    if (!grant.success) {
      // Refusals come with HTTP 200 too. -14020: this refresh token was used before.
      const refused = refusedSchema.safeParse(reply.json);
      const what = refused.success ? `error_${Math.abs(refused.data.error)}` : `gateway_${reply.status}`;
      return { ok: false, code: `zalo-oa.token_${what}` };
    }
    const { access_token: accessToken, refresh_token: next, expires_in: seconds } = grant.data;
    const expiresAt = obtainedAt + seconds * 1000;
    return {
      ok: true,
      pair: { accessToken, refreshToken: next, obtainedAt, expiresAt, consent: this.#consent },
    };
  }

  /** On disk, and only then in use. Whoever wrote meanwhile holds an older pair, because ours spent its refresh token. */
  async #save(pair: Pair): Promise<boolean> {
    for (let n = 0; n < SAVE_TRIES; n += 1) {
      const shelved = await this.#o.shelf.get();
      const kept = this.#read(shelved?.text);
      const isNewer = kept.pair?.consent === pair.consent && kept.pair.obtainedAt > pair.obtainedAt;
      if (isNewer || (await this.#o.shelf.put(JSON.stringify({ pair }), shelved?.version ?? null))) {
        this.#pair = isNewer ? kept.pair : pair;
        this.#unsaved = undefined;
        this.#failures = 0;
        this.#notBefore = 0;
        this.#o.log("info", "zalo-oa.token_renewed", {
          goodForMinutes: Math.round((pair.expiresAt - pair.obtainedAt) / 60_000),
        });
        return true;
      }
    }
    this.#fail("zalo-oa.token_not_saved");
    return false;
  }

  async #release(): Promise<void> {
    const shelved = await this.#o.shelf.get();
    const kept = this.#read(shelved?.text);
    if (!shelved || kept.claim?.by !== this.#me) return;
    // If it does not work the claim runs out by itself.
    await this.#o.shelf.put(JSON.stringify(kept.pair ? { pair: kept.pair } : {}), shelved.version);
  }

  #read(text: string | undefined): Kept {
    if (text === undefined) return {};
    const kept = recordSchema.safeParse(JSON.parse(text));
    return kept.success ? kept.data : {};
  }

  #fail(code: string): void {
    this.#failures += 1;
    this.#notBefore = this.#o.clock.now() + AFTER_FAILURE_MS;
    const level = this.#failures >= ALARM_AFTER ? "error" : "warn";
    this.#o.log(level, code, { failures: this.#failures });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#o.clock.after(LOOK_AGAIN_MS, resolve));
  }
}
