/** Is this webhook Zalo's? A plain SHA-256 over four joined terms, not an HMAC (channels.md §2.1). */

import { createHash, timingSafeEqual } from "node:crypto";

/** Two points are disputed in public: what the first term is, and which key is the last. `zalo pin` settles both. */
export interface SigningScheme {
  readonly firstTerm: "app_id" | "oa_id";
  /** oa_secret_key: of the app's webhook page; app_secret: of the app itself. */
  readonly key: "oa_secret_key" | "app_secret";
}

/** Where Zalo puts it. */
export const SIGNATURE_HEADER = "x-zevent-signature";

/** "app_id+oa_secret_key": as it stands in the settings. */
export function schemeName({ firstTerm, key }: SigningScheme): string {
  return `${firstTerm}+${key}`;
}

/** The scheme of that name; undefined: there is none. */
export function schemeOf(name: string): SigningScheme | undefined {
  return SCHEMES.find((scheme) => schemeName(scheme) === name);
}

export interface SigningTerms {
  readonly appId: string;
  readonly oaId: string;
  readonly oaSecretKey: string;
  readonly appSecret: string;
}

/** What the documentation says. */
export const DOCUMENTED_SCHEME: SigningScheme = { firstTerm: "app_id", key: "oa_secret_key" };

const SCHEMES: readonly SigningScheme[] = [
  DOCUMENTED_SCHEME,
  { firstTerm: "oa_id", key: "oa_secret_key" },
  { firstTerm: "app_id", key: "app_secret" },
  { firstTerm: "oa_id", key: "app_secret" },
];

/** Whether `header` signs exactly these bytes. `timestamp`: the digits inside the body. */
export function isSigned(
  body: Uint8Array,
  header: string | undefined,
  timestamp: string,
  scheme: SigningScheme,
  terms: SigningTerms,
): boolean {
  const hex = (header ?? "").trim().replace(/^mac\s*=\s*/i, "");
  if (!/^[0-9a-f]{64}$/i.test(hex)) return false;
  return timingSafeEqual(digest(body, timestamp, scheme, terms), Buffer.from(hex, "hex"));
}

/** For `zalo pin`: the schemes that fit one real webhook. None: another secret, or a changed body. */
export function fittingSchemes(
  body: Uint8Array,
  header: string | undefined,
  timestamp: string,
  terms: SigningTerms,
): readonly SigningScheme[] {
  return SCHEMES.filter((scheme) => isSigned(body, header, timestamp, scheme, terms));
}

function digest(body: Uint8Array, timestamp: string, scheme: SigningScheme, terms: SigningTerms): Buffer {
  return createHash("sha256")
    .update(scheme.firstTerm === "app_id" ? terms.appId : terms.oaId)
    .update(body)
    .update(timestamp)
    .update(scheme.key === "oa_secret_key" ? terms.oaSecretKey : terms.appSecret)
    .digest();
}
