/** Calls to the OA Open API: the token in its header, one renewal when it is refused, Zalo's `error` read from any status. */

import { z } from "zod";
import type { SendResult } from "../../ports/channel.ts";
import { NOT_OURS } from "../parts.ts";
import { post, type Reply } from "../wire.ts";
import { refusalOf, TOKEN_ERRORS } from "./refusal.ts";
import type { TokenKeeper } from "./token.ts";

type Refused = Extract<SendResult, { ok: false }>;
export type OaAnswer =
  | { readonly ok: true; readonly data: unknown; readonly remaining: number | undefined }
  | { readonly ok: false; readonly refused: Refused };

const WITHOUT_TOKEN_MS = 60_000;

const envelopeSchema = z.object({ error: z.coerce.number().int(), data: z.unknown().optional() });

export interface OaApiOptions {
  readonly base: string;
  readonly tokens: TokenKeeper;
  readonly timeoutMs: number;
}

/**
 * POSTs to `path`. A refused token is renewed and the call made once more: Zalo did nothing with the first. `isOurs`:
 * asked after every wait for a token.
 */
export async function call(
  api: OaApiOptions,
  path: string,
  body: unknown,
  isOurs: () => boolean = () => true,
): Promise<OaAnswer> {
  const attempt = async (token: string | null): Promise<OaAnswer & { readonly error?: number }> => {
    if (token === null) return { ok: false, refused: noToken() };
    if (!isOurs()) return { ok: false, refused: NOT_OURS };
    return answerOf(await request(api, path, body, token));
  };
  const token = await api.tokens.current();
  const first = await attempt(token);
  if (token === null || first.ok || first.error === undefined || !TOKEN_ERRORS.has(first.error)) return first;
  return attempt(await api.tokens.replace(token));
}

function noToken(): Refused {
  return { ok: false, code: "zalo-oa.no_token", kind: "retry", afterMs: WITHOUT_TOKEN_MS, whole: true };
}

function request(api: OaApiOptions, path: string, body: unknown, token: string): Promise<Reply> {
  return post({
    url: `${api.base}${path}`,
    headers: { "content-type": "application/json", access_token: token },
    body: JSON.stringify(body),
    timeoutMs: api.timeoutMs,
  });
}

function answerOf(reply: Reply): OaAnswer & { readonly error?: number } {
  if (!reply.ok) {
    const kind = reply.failure === "unreached" ? "retry" : "unclear";
    return { ok: false, refused: { ok: false, code: `zalo-oa.${reply.failure}`, kind } };
  }
  const envelope = envelopeSchema.safeParse(reply.json);
  if (!envelope.success) return { ok: false, refused: gateway(reply.status) };
  const { error, data } = envelope.data;
  if (error !== 0) return { ok: false, error, refused: refusalOf(error) };
  const remaining = Number(reply.headers["x-ratelimit-remain"] ?? Number.NaN);
  return { ok: true, data, remaining: Number.isFinite(remaining) ? remaining : undefined };
}

/** Something answered in Zalo's place. */
function gateway(status: number): Refused {
  // 504: Zalo got the request and its answer came too late for the gateway.
  if (status === 504) return { ok: false, code: "zalo-oa.gateway_timeout", kind: "unclear" };
  return { ok: false, code: `zalo-oa.gateway_${status}`, kind: "retry" };
}
