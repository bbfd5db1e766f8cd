/** The vault's contract with a key file and with a given key; and files that are missing, damaged or someone else's. */

import { createSecretKey } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { KeyCache } from "../../bot/adapters/keys/key-cache.ts";
import { createKeyFile, readKeyFile, writeKeyFile } from "../../bot/adapters/keys/key-file.ts";
import { openVault } from "../../bot/adapters/keys/vault.ts";
import { vaultContract } from "../contracts/vault.ts";

/** What a filesystem says to a link; the real one's word unless a test says otherwise. */
const hasLinks = vi.hoisted(() => vi.fn());
vi.mock("node:fs", async (real) => {
  const fs = await real<typeof import("node:fs")>();
  return {
    ...fs,
    linkSync: (from: string, to: string) => {
      hasLinks();
      fs.linkSync(from, to);
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), "ben-an-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

function keyFile(name: string): string {
  const file = join(folder, name, "master.key");
  createKeyFile(file);
  return file;
}

vaultContract("vault with a key file", () => {
  const file = keyFile("contract");
  return {
    vault: openVault({ file }),
    again: openVault({ file }),
    stranger: openVault({ file: keyFile("stranger") }),
  };
});

vaultContract("vault with a given key", () => {
  const [key, other] = [1, 2].map((n) => Buffer.alloc(32, n).toString("base64"));
  return {
    vault: openVault({ key: key ?? "" }),
    again: openVault({ key: key ?? "" }),
    stranger: openVault({ key: other ?? "" }),
  };
});

describe("key file", () => {
  it("is readable by its owner only, in a folder of the owner's", () => {
    const file = keyFile("modes");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "modes")).mode & 0o777).toBe(0o700);
  });

  it("is never overwritten", () => {
    const file = keyFile("kept");
    const before = readFileSync(file, "utf8");
    expect(() => createKeyFile(file)).toThrow(expect.objectContaining({ code: "key_exists" }));
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("stops with what to do when it is missing, cut, changed or not a key", () => {
    const code = (text: string | null) => {
      const file = join(folder, `bad-${Math.random()}`);
      if (text !== null) writeFileSync(file, text);
      try {
        openVault({ file });
        return "opened";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const good = readFileSync(keyFile("good"), "utf8");
    expect(code(null)).toBe("key_missing");
    expect(code("")).toBe("key_damaged");
    expect(code(good.slice(0, 60))).toBe("key_damaged");
    expect(code(good.replace(/"keyId":"./, '"keyId":"z'))).toBe("key_damaged");
    expect(code("not a key")).toBe("key_damaged");
    expect(code(good)).toBe("opened");
  });

  it("never shows key material in an error", () => {
    const file = keyFile("quiet");
    const stored = JSON.parse(readFileSync(file, "utf8")) as { key: string };
    writeFileSync(file, JSON.stringify({ ...stored, keyId: "0" }));
    expect(() => openVault({ file })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(stored.key) }),
    );
  });

  it("is copied to a stick that knows no links, as FAT and exFAT, and never over another", () => {
    const key = readKeyFile(keyFile("for-a-stick"));
    const stick = join(folder, "stick");
    hasLinks.mockImplementation(() => {
      throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
    });
    try {
      writeKeyFile(join(stick, "copy.key"), key);
      expect(() => writeKeyFile(join(stick, "copy.key"), key)).toThrow(
        expect.objectContaining({ code: "key_exists" }),
      );
    } finally {
      hasLinks.mockReset();
    }
    expect(readKeyFile(join(stick, "copy.key"))).toEqual(key);
    expect(statSync(join(stick, "copy.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(stick)).toEqual(["copy.key"]);
  });

  it("leaves no other file with the key where it could not be written", () => {
    const key = readKeyFile(keyFile("for-a-broken-stick"));
    const stick = join(folder, "broken-stick");
    hasLinks.mockImplementation(() => {
      throw Object.assign(new Error("EIO: i/o error, link"), { code: "EIO" });
    });
    try {
      expect(() => writeKeyFile(join(stick, "copy.key"), key)).toThrow(
        expect.objectContaining({ code: "key_unreadable" }),
      );
    } finally {
      hasLinks.mockReset();
    }
    expect(readdirSync(stick)).toEqual([]);
  });

  it("says when it can't be written", () => {
    const blocked = join(folder, "a-file");
    writeFileSync(blocked, "");
    chmodSync(blocked, 0o600);
    expect(() => createKeyFile(join(blocked, "master.key"))).toThrow(
      expect.objectContaining({ code: "key_unreadable" }),
    );
  });

  it("has a fingerprint that tells keys apart and stays the same", () => {
    const file = keyFile("print");
    expect(openVault({ file }).fingerprint()).toBe(openVault({ file }).fingerprint());
    expect(openVault({ file }).fingerprint()).not.toBe(openVault({ file: keyFile("print2") }).fingerprint());
  });

  it("refuses a given key of the wrong length", () => {
    expect(() => openVault({ key: "c2hvcnQ=" })).toThrow(expect.objectContaining({ code: "key_damaged" }));
  });
});

describe("unwrapped keys in memory", () => {
  function cached(max: number) {
    const cache = new KeyCache(max);
    const unwrapped: string[] = [];
    const use = (name: string) =>
      cache.get(Buffer.from(name), () => {
        unwrapped.push(name);
        return createSecretKey(Buffer.alloc(32));
      });
    return { cache, unwrapped, use };
  }

  it("are unwrapped once for as long as they are used, and gone after two ages without use", () => {
    const { cache, unwrapped, use } = cached(10);
    use("talks");
    use("forgotten");
    for (let age = 0; age < 2; age += 1) {
      cache.age();
      use("talks");
    }
    expect(unwrapped).toEqual(["talks", "forgotten"]);
    use("forgotten");
    expect(unwrapped).toEqual(["talks", "forgotten", "forgotten"]);
  });

  it("stay few however many talk", () => {
    const { unwrapped, use } = cached(2);
    for (const name of ["a", "b", "c", "d", "e"]) use(name);
    use("e");
    expect(unwrapped).toHaveLength(5);
    use("a");
    expect(unwrapped).toHaveLength(6);
  });

  it("leave with the clock while nobody asks for any", () => {
    vi.useFakeTimers();
    const age = vi.spyOn(KeyCache.prototype, "age");
    try {
      openVault({ key: Buffer.alloc(32, 7).toString("base64") });
      vi.advanceTimersByTime(10 * 60_000);
      expect(age).toHaveBeenCalledTimes(2);
    } finally {
      age.mockRestore();
      vi.useRealTimers();
    }
  });
});
