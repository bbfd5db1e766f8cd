/** The suite that every Vault must pass. */

import { describe, expect, it } from "vitest";
import type { Vault } from "../../bot/ports/vault.ts";

/** `again`: the same master key, opened a second time. `stranger`: another master key. */
export function vaultContract(
  name: string,
  open: () => { vault: Vault; again: Vault; stranger: Vault },
): void {
  describe(name, () => {
    const { vault, again, stranger } = open();
    const words = "Chồng em vừa bóp cổ em 😢";

    it("opens what it sealed, also after a restart", () => {
      const key = vault.newKey();
      const sealed = vault.seal(key, "message:1", words);
      expect(vault.open(key, "message:1", sealed)).toBe(words);
      expect(again.open(key, "message:1", sealed)).toBe(words);
      expect(again.openOwn("token", vault.sealOwn("token", "abc"))).toBe("abc");
      expect(vault.open(key, "empty", vault.seal(key, "empty", ""))).toBe("");
    });

    it("shows nothing of the words or the key in what it gives out", () => {
      const key = vault.newKey();
      const shown = Buffer.from(vault.seal(key, "c", words)).toString("latin1");
      expect(shown).not.toContain(Buffer.from("bóp cổ").toString("latin1"));
      expect(shown).not.toContain(Buffer.from(key).subarray(13, 45).toString("latin1"));
    });

    it("refuses another place, another key and another master key", () => {
      const [key, other] = [vault.newKey(), vault.newKey()];
      const sealed = vault.seal(key, "message:1", words);
      expect(() => vault.open(key, "message:2", sealed)).toThrow();
      expect(() => vault.open(other, "message:1", sealed)).toThrow();
      expect(() => stranger.open(key, "message:1", sealed)).toThrow();
      expect(() => stranger.openOwn("token", vault.sealOwn("token", "abc"))).toThrow();
      expect(() => vault.openOwn("other", vault.sealOwn("token", "abc"))).toThrow();
    });

    it("notices any changed byte, and a cut", () => {
      const key = vault.newKey();
      const sealed = vault.seal(key, "c", "x");
      for (let i = 0; i < sealed.length; i++) {
        const changed = Uint8Array.from(sealed);
        changed[i] = (changed[i] ?? 0) ^ 1;
        expect(() => vault.open(key, "c", changed)).toThrow();
      }
      for (const length of [0, 1, 12, sealed.length - 1]) {
        expect(() => vault.open(key, "c", sealed.subarray(0, length))).toThrow();
      }
    });

    it("never seals the same words to the same bytes, and never makes a key twice", () => {
      const key = vault.newKey();
      const sealed = new Set(
        Array.from({ length: 100 }, () => Buffer.from(vault.seal(key, "c", words)).toString("hex")),
      );
      expect(sealed.size).toBe(100);
      const keys = new Set(Array.from({ length: 100 }, () => Buffer.from(vault.newKey()).toString("hex")));
      expect(keys.size).toBe(100);
    });

    it("names a person the same each time, differently on each channel and installation", () => {
      const name = vault.pseudonym("telegram", "123456");
      expect(again.pseudonym("telegram", "123456")).toBe(name);
      expect(vault.pseudonym("zalo-oa", "123456")).not.toBe(name);
      expect(stranger.pseudonym("telegram", "123456")).not.toBe(name);
      expect(name).not.toContain("123456");
    });

    it("hashes tokens with a key of its own", () => {
      expect(again.tokenHash("t")).toBe(vault.tokenHash("t"));
      expect(stranger.tokenHash("t")).not.toBe(vault.tokenHash("t"));
      expect(vault.tokenHash("t")).not.toBe(vault.tokenHash("u"));
    });
  });
}
