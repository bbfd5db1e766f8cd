/** What every channel adapter promises, as a suite that takes a harness: one run per platform. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageId } from "../../bot/core/ids.ts";
import type { Outbound } from "../../bot/core/message.ts";
import type { Channel, WebhookRequest } from "../../bot/ports/channel.ts";

/** Somebody with this platform's app in her hand. */
export interface ContractPerson {
  readonly address: string;
  /** What she can see of us: texts, with the labels and numbers of buttons. */
  seen(): Promise<readonly string[]>;
}

export interface ChannelHarness {
  readonly channel: Channel;
  /** Everything that was logged, one JSON line each. */
  readonly logged: readonly string[];
  /** Names and the like that the platform sends along and that must never be read. */
  readonly personal: readonly string[];
  /** A person who has already written, so that we may answer. */
  person(): Promise<ContractPerson>;
  /** A genuine webhook with one text, as the platform posts it. */
  webhook(text: string): WebhookRequest;
  /** The same with its proof spoiled. */
  forged(request: WebhookRequest): WebhookRequest;
  /** Makes the platform's next answer to a message go wrong. "slow": it acts and never answers. */
  fail(how: "blocked" | "down" | "slow" | "broken"): Promise<void>;
  /** Ends everything; afterwards the platform is unreachable. */
  close(): Promise<void>;
}

let n = 0;

export function outbound(text: string, more: Partial<Outbound> = {}): Outbound {
  n += 1;
  return {
    id: `m${n}` as MessageId,
    from: "bot",
    text,
    choices: [],
    safety: false,
    sensitive: false,
    ...more,
  };
}

/** `cannotTell`: what this platform has no known answer for, with the reason for the report. */
export function channelContract(
  name: string,
  make: () => Promise<ChannelHarness>,
  cannotTell: Readonly<Partial<Record<"blocked", string>>> = {},
): void {
  describe(`channel contract: ${name}`, () => {
    let world: ChannelHarness;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(async () => {
      await world.channel.stop();
      await world.close();
      for (const secret of world.channel.secrets) expect(world.logged.join("\n")).not.toContain(secret);
    });

    it("names itself and its secrets", () => {
      const { channel } = world;
      expect(channel.caps.name).toBe(channel.name);
      expect(channel.secrets.length).toBeGreaterThan(0);
      expect(channel.secrets.every((secret) => secret.length >= 8)).toBe(true);
      expect(channel.caps.maxText).toBeGreaterThan(0);
      expect(channel.caps.canDelete).toBe(channel.caps.deleteWindowMs !== undefined);
    });

    describe("read", () => {
      it("takes a genuine webhook, and nothing personal but the words", () => {
        const read = world.channel.read(world.webhook("Chào bạn, mình cần nói chuyện"));
        expect(read).toMatchObject({
          ok: true,
          inbound: [
            { channel: world.channel.name, content: { kind: "text", text: "Chào bạn, mình cần nói chuyện" } },
          ],
        });
        for (const word of world.personal) expect(JSON.stringify(read)).not.toContain(word);
      });

      it("gives a redelivery the same key, and another message another", () => {
        const first = world.webhook("một");
        const keys = [first, first, world.webhook("hai")].map((request) => {
          const read = world.channel.read(request);
          return read.ok ? read.inbound[0]?.key : undefined;
        });
        expect(keys[0]).toBeTruthy();
        expect(keys[1]).toBe(keys[0]);
        expect(keys[2]).not.toBe(keys[0]);
      });

      it("refuses what is not proven to be genuine", () => {
        const forged = world.channel.read(world.forged(world.webhook("một")));
        expect(forged).toMatchObject({ ok: false });
        expect(forged.ok ? 0 : forged.status).toBeGreaterThanOrEqual(401);
        expect(world.channel.read({ ...world.webhook("một"), headers: {} })).toMatchObject({ ok: false });
      });

      it("survives any bytes without a throw", () => {
        const { headers } = world.webhook("một");
        for (const body of [
          "",
          "{",
          "null",
          "[]",
          "0",
          '"x"',
          '{"message":{}}',
          "\u0000",
          "[".repeat(5000),
        ]) {
          expect(() => world.channel.read({ headers, body: new TextEncoder().encode(body) })).not.toThrow();
        }
        expect(() => world.channel.read({ headers, body: Uint8Array.of(0xff, 0xfe, 0x00) })).not.toThrow();
      });
    });

    describe("send", () => {
      it("delivers a text with all its choices in sight", async () => {
        const her = await world.person();
        const sent = await world.channel.send(
          her.address,
          outbound("Bạn muốn gì lúc này?", {
            choices: [
              { label: "Nói chuyện", kind: "answer", value: "talk" },
              { label: "Gọi công an", kind: "call", value: "113" },
              { label: "Thoát", kind: "answer", value: "exit", style: "danger" },
            ],
            sensitive: true,
          }),
          "vi",
        );
        expect(sent).toMatchObject({ ok: true });
        const sight = (await her.seen()).join("\n");
        for (const words of ["Bạn muốn gì lúc này?", "Nói chuyện", "113", "Thoát"])
          expect(sight).toContain(words);
      });

      it("delivers a text longer than the platform's limit whole and in order", async () => {
        const her = await world.person();
        const words = Array.from({ length: 1300 }, (_, i) => `chữ${i}`);
        expect(await world.channel.send(her.address, outbound(words.join(" ")), "vi")).toMatchObject({
          ok: true,
        });
        const seen = await her.seen();
        expect(seen.every((text) => text.length <= world.channel.caps.maxText)).toBe(true);
        expect(seen.join(" ").split(/\s+/)).toEqual(words);
      });

      it("sends nothing more once another process has the message, and says that it is to be tried again", async () => {
        const her = await world.person();
        const before = (await her.seen()).length;
        const send = (text: string, isOurs: () => boolean) =>
          world.channel.send(her.address, outbound(text), "vi", isOurs);
        expect(await send("chào", () => false)).toMatchObject({ ok: false, kind: "retry" });
        expect(await her.seen()).toHaveLength(before);
        // Asleep in the middle of a long one: what went out before is there, the rest is not.
        const words = Array.from({ length: 4000 }, (_, i) => `chữ${i}`).join(" ");
        let asked = 0;
        expect(await send(words, () => asked++ < 2)).toMatchObject({ ok: false, kind: "retry" });
        const seen = (await her.seen()).join(" ");
        expect(seen).toContain("chữ0");
        expect(seen).not.toContain("chữ3999");
      });

      it("sends what she wrote back as plain words, whatever marks are in it", async () => {
        const her = await world.person();
        const text = "*đậm* _nghiêng_ <b>x</b> [a](http://b) {{c}} \\ & 'cứu'";
        await world.channel.send(her.address, outbound(text), "vi");
        expect((await her.seen()).join("\n")).toContain(text);
      });

      it.each([
        ["down", "retry"],
        ["slow", "unclear"],
      ] as const)("when the platform is %s says %s", async (fault, kind) => {
        const her = await world.person();
        await world.fail(fault);
        expect(await world.channel.send(her.address, outbound("xin chào"), "vi")).toMatchObject({
          ok: false,
          kind,
        });
      });

      // A platform that documents no answer for it can't be held to one.
      if (!cannotTell.blocked) {
        it("when she blocked us says gone", async () => {
          const her = await world.person();
          await world.fail("blocked");
          expect(await world.channel.send(her.address, outbound("xin chào"), "vi")).toMatchObject({
            kind: "gone",
          });
        });
      }

      it("when the answer is not the platform's, does not call it delivered", async () => {
        const her = await world.person();
        await world.fail("broken");
        expect(await world.channel.send(her.address, outbound("xin chào"), "vi")).toMatchObject({
          ok: false,
        });
      });

      it("to nowhere is refused as gone or a bug, never thrown", async () => {
        for (const address of ["", "x y", "99999999"]) {
          const sent = await world.channel.send(address, outbound("xin chào"), "vi");
          expect(sent.ok ? "ok" : sent.kind).toMatch(/gone|bug/);
        }
      });

      it("with the platform gone says that it did not arrive, and check says so too", async () => {
        const her = await world.person();
        await world.close();
        // Until the farewell on pooled connections is heard, a request on one of them is rightly "unclear".
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await world.channel.send(her.address, outbound("xin chào"), "vi")).toMatchObject({
          ok: false,
          kind: "retry",
        });
        expect(await world.channel.check()).toMatchObject({ ok: false });
      });
    });

    it("check finds a working platform", async () => {
      expect(await world.channel.check()).toMatchObject({ ok: true });
    });

    it("wipe deletes what the platform lets it, and gives back the rest", async () => {
      const her = await world.person();
      const sent = await world.channel.send(her.address, outbound("để xóa"), "vi");
      const refs = sent.ok && sent.platformRef !== undefined ? [sent.platformRef] : [];
      const left = await world.channel.wipe(her.address, refs);
      expect(left).toEqual(world.channel.caps.canDelete ? [] : refs);
      expect((await her.seen()).includes("để xóa")).toBe(!world.channel.caps.canDelete);
    });

    it("shows that it is typing where the platform can, and never fails by it", async () => {
      const { channel } = world;
      expect(channel.showTyping !== undefined).toBe(channel.caps.typing);
      const her = await world.person();
      await channel.showTyping?.(her.address);
      await channel.showTyping?.("99999999");
      expect((await her.seen()).join()).toBe("");
      await world.close();
      await channel.showTyping?.(her.address);
    });

    it("stop ends without start, and twice", async () => {
      await world.channel.stop();
      await world.channel.stop();
    });
  });
}
