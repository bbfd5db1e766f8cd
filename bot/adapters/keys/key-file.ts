/** The master key's file: made once, readable by its owner only, and known again by its id. */

import { createHmac, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../folder.ts";

export type KeyCode =
  /** There is no key file. Never make a new one beside a database: what it holds would be lost. */
  | "key_missing"
  | "key_unreadable"
  /** Not a key of ours, cut short, or changed by hand. */
  | "key_damaged"
  /** A key file is there already; it is never overwritten. */
  | "key_exists";

/** The one error about master keys; its message says what to do and never shows key material. */
export class KeyError extends Error {
  readonly code: KeyCode;
  constructor(code: KeyCode, message: string) {
    super(message);
    this.name = "KeyError";
    this.code = code;
  }
}

const FORMAT = "ben-an-key-1";
export const KEY_BYTES = 32;

/** Names a key without telling anything about it; the same key always has the same id. */
export function keyId(key: Uint8Array): string {
  return createHmac("sha256", key).update("ben-an key id").digest("hex").slice(0, 16);
}

/** Makes a new master key in `file` (mode 0600, its folder 0700) and syncs it to disk. Throws `key_exists`. */
export function createKeyFile(file: string): void {
  writeKeyFile(file, randomBytes(KEY_BYTES));
}

/** The same for a key that is there already (a copy, a backup). Throws `key_exists`. */
export function writeKeyFile(file: string, key: Buffer): void {
  const text = `${JSON.stringify({ format: FORMAT, keyId: keyId(key), key: key.toString("base64") })}\n`;
  if (existsSync(file)) throw alreadyThere(file);
  // A draft that a crash left behind holds a key that nothing was sealed with.
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    makeFolder(dirname(file));
    writeFileSync(draft, text, { flag: "wx", mode: 0o600, flush: true });
    putInPlace(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    // In a copy for a stick it is the key that opens everything.
    if (existsSync(draft)) rmSync(draft);
    if (existsSync(file)) throw alreadyThere(file);
    throw new KeyError(
      "key_unreadable",
      `The key can't be written to ${file} (${codeOf(error)}). ${whatToDo(error)}`,
    );
  }
}

/** Whole or not at all, and never over a file that is there: no crash and no race leaves half a key. */
function putInPlace(draft: string, file: string): void {
  try {
    linkSync(draft, file);
    rmSync(draft);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error))) throw error;
    // FAT and exFAT, as most sticks have, know no links: the name is taken first, then what stands there is replaced whole.
    closeSync(openSync(file, "wx", 0o600));
    renameSync(draft, file);
  }
}

function alreadyThere(file: string): KeyError {
  return new KeyError(
    "key_exists",
    `There is a key in ${file} already. It was left as it is. Name another file; or, where another installation is to come back, stop the service and move its folder (DATA_DIR) away first.`,
  );
}

/** Throws `key_missing`, `key_unreadable` or `key_damaged`. */
export function readKeyFile(file: string): Buffer {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw codeOf(error) === "ENOENT"
      ? new KeyError(
          "key_missing",
          `There is no master key in ${file}. Restore it from your backup; without it nothing stored can be read.`,
        )
      : new KeyError(
          "key_unreadable",
          `The master key in ${file} can't be read (${codeOf(error)}). ${whatToDo(error)}`,
        );
  }
  return parseKeyFile(text, file);
}

/** A master key given as base64 of 32 bytes. Throws `key_damaged`. */
export function readKeyText(text: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim())) {
    throw new KeyError("key_damaged", "The master key must be 32 bytes in base64 (44 characters).");
  }
  return key;
}

function parseKeyFile(text: string, file: string): Buffer {
  const damaged = new KeyError(
    "key_damaged",
    `${file} is not a whole key of ours. Restore it from your backup; nothing was overwritten.`,
  );
  try {
    const stored = JSON.parse(text) as { format?: unknown; keyId?: unknown; key?: unknown };
    if (stored.format !== FORMAT || typeof stored.key !== "string") throw damaged;
    const key = readKeyText(stored.key);
    if (stored.keyId !== keyId(key)) throw damaged;
    return key;
  } catch {
    throw damaged;
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/** By what the system says of the folder (DATA_DIR) or of the file in it. */
function whatToDo(error: unknown): string {
  switch (codeOf(error)) {
    case "ENOTDIR":
    case "EEXIST":
      return "A file stands where its folder should be: take another folder (DATA_DIR), or move that file away.";
    case "ENOENT":
      return "No folder can be made there: take one on a disk of yours (DATA_DIR).";
    case "ENOSPC":
    case "EDQUOT":
      return "The disk is full: free space, or take a folder on another one (DATA_DIR).";
    case "EROFS":
      return "It can only be read there: take a folder that can be written (DATA_DIR).";
    default:
      return "Check the owner and rights of the folder and the file.";
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}
