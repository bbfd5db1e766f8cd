/** The Vault: AES-256-GCM under a key of each conversation's own, wrapped by a key derived from the master key. */

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { Vault } from "../../ports/vault.ts";
import { KeyCache } from "./key-cache.ts";
import { KEY_BYTES, keyId, readKeyFile, readKeyText } from "./key-file.ts";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCES_AT_ONCE = 256;
const HEAD_BYTES = 1 + NONCE_BYTES;
const CACHED_KEYS = 1_000;
/** What nobody used for this long, and at most twice as long, leaves memory: a forgotten conversation's key is soon nowhere. */
const KEPT_MS = 5 * 60_000;
const WRAP_CONTEXT = "conversation key";

export interface KeyVault extends Vault {
  /** Names the master key. Kept in the store, so that a start with another key is refused before anything is written. */
  fingerprint(): string;
}

/** Thrown by `open`: wrong key, wrong row, or changed bytes. Says nothing of the contents. */
export class SealError extends Error {
  readonly code = "seal_broken";
  constructor() {
    super("A sealed text does not open: it belongs to another key or place, or was changed.");
    this.name = "SealError";
  }
}

/** Opens the vault with a key file or a key in base64. Throws a KeyError that says what to do. */
export function openVault(from: { readonly file: string } | { readonly key: string }): KeyVault {
  const master = "file" in from ? readKeyFile(from.file) : readKeyText(from.key);
  const wrapping = subkey(master, "wrap");
  const own = subkey(master, "own");
  const names = subkey(master, "pseudonym");
  const tokens = subkey(master, "token");
  const cache = new KeyCache(CACHED_KEYS);
  setInterval(() => cache.age(), KEPT_MS).unref();
  const keyOf = (wrapped: Uint8Array) =>
    cache.get(wrapped, () => keptKey(decrypt(wrapping, WRAP_CONTEXT, wrapped)));
  return {
    newKey: () => encrypt(wrapping, WRAP_CONTEXT, randomBytes(KEY_BYTES)),
    seal: (wrapped, context, plain) => encrypt(keyOf(wrapped), context, Buffer.from(plain, "utf8")),
    open: (wrapped, context, sealed) => decrypt(keyOf(wrapped), context, sealed).toString("utf8"),
    sealOwn: (context, plain) => encrypt(own, context, Buffer.from(plain, "utf8")),
    openOwn: (context, sealed) => decrypt(own, context, sealed).toString("utf8"),
    pseudonym: (channel, address) => hash(names, `${channel}\n${address}`),
    tokenHash: (token) => hash(tokens, token),
    fingerprint: () => keyId(master),
  };
}

function subkey(master: Uint8Array, purpose: string): KeyObject {
  return keptKey(Buffer.from(hkdfSync("sha256", master, "ben-an", purpose, KEY_BYTES)));
}

/** Out of JavaScript's memory, where Node overwrites it when it is freed; and a third of the cost at each use. */
function keptKey(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

function hash(key: KeyObject, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** Version, nonce, ciphertext, tag. A random nonce is safe here: one key seals far fewer than 2^32 texts. */
function encrypt(key: KeyObject, context: string, plain: Uint8Array): Uint8Array {
  const nonce = freshNonce();
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context, "utf8"));
  return Buffer.concat([
    Uint8Array.of(VERSION),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

let nonces = Buffer.alloc(0);
let used = 0;

/** From a block that is asked of the system at once: it costs as much as one nonce. None is given twice. */
function freshNonce(): Buffer {
  if (used + NONCE_BYTES > nonces.length) {
    nonces = randomBytes(NONCE_BYTES * NONCES_AT_ONCE);
    used = 0;
  }
  used += NONCE_BYTES;
  return nonces.subarray(used - NONCE_BYTES, used);
}

function decrypt(key: KeyObject, context: string, sealed: Uint8Array): Buffer {
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw new SealError();
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, HEAD_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context, "utf8"));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw new SealError();
  }
}
