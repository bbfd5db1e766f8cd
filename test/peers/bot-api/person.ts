/** A person with Telegram on her phone, for tests: speaks to the stand-in over HTTP, also when it is another process. */

import type { SeenMessage } from "./control.ts";
import type { Fault, Json } from "./world.ts";

export type { SeenMessage } from "./control.ts";
export type { Fault } from "./world.ts";

/** The test's side of a Bot API stand-in at `root` (the TELEGRAM_API_ROOT). */
export class BotApiControl {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A new person, who has not written yet; `type` "group" makes a group, `isBotAccount` another bot. */
  async person(
    how: { language?: string; type?: "group" | "channel"; isBotAccount?: boolean } = {},
  ): Promise<BotApiPerson> {
    const { chat } = await this.ask<{ chat: number }>("person", how);
    return new BotApiPerson(this, chat);
  }

  /** The next answers go wrong; with `isDone` the call takes effect all the same. */
  async fault(fault: Fault): Promise<void> {
    await this.ask("fault", { ...fault });
  }

  /** Moves the stand-in's clock forward (the 48-hour rule). */
  async advance(advanceMs: number): Promise<void> {
    await this.ask("clock", { advanceMs });
  }

  async repeatLast(): Promise<void> {
    await this.ask("repeat", {});
  }

  async update(kinds: Json): Promise<void> {
    await this.ask("update", kinds);
  }

  async violations(): Promise<readonly string[]> {
    return (await this.ask<{ violations: string[] }>("violations", {})).violations;
  }

  async forgive(): Promise<void> {
    await this.ask("forgive", {});
  }

  async calls(method?: string): Promise<readonly { method: string; params: Json; status: number }[]> {
    return (
      await this.ask<{ calls: { method: string; params: Json; status: number }[] }>("calls", { method })
    ).calls;
  }

  state(): Promise<{
    webhook: { url: string } | null;
    pending: number;
    allowed: string[] | null;
    profile: Json;
  }> {
    return this.ask("state", {});
  }

  async ask<T>(verb: string, body: Json): Promise<T> {
    const response = await fetch(`${this.#root}/control/${verb}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const json = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`${verb}: ${json.error ?? response.status}`);
    return json;
  }
}

export class BotApiPerson {
  readonly #control: BotApiControl;
  readonly chat: number;

  constructor(control: BotApiControl, chat: number) {
    this.#control = control;
    this.chat = chat;
  }

  /** The address that our adapter gives this person. */
  get address(): string {
    return String(this.chat);
  }

  /** Opens the chat: /start, perhaps with what a link carried. */
  async start(payload?: string): Promise<void> {
    await this.#ask("start", { payload });
  }

  /** Returns her message's id. */
  async write(text: string): Promise<number> {
    return (await this.#ask<{ message: number }>("write", { text })).message;
  }

  async send(media: string, caption?: string): Promise<void> {
    await this.#ask("media", { media, caption });
  }

  async edit(message: number, text: string): Promise<void> {
    await this.#ask("edit", { message, text });
  }

  /** Presses the newest button that she can see whose label contains `button`. */
  tap(button: string): Promise<{ press?: string; copied?: string; opened?: string }> {
    return this.#ask("tap", { button });
  }

  /** Has the "loading" sign on that press ended? */
  async isAnswered(press: string): Promise<boolean> {
    return (await this.#ask<{ answered: boolean }>("pressed", { press })).answered;
  }

  async block(): Promise<void> {
    await this.#ask("block", {});
  }

  async unblock(): Promise<void> {
    await this.#ask("unblock", {});
  }

  /** The chat as she sees it now, oldest first; deleted messages are gone. */
  async history(): Promise<readonly SeenMessage[]> {
    return (await this.#ask<{ messages: SeenMessage[] }>("history", {})).messages;
  }

  /** Waits until the newest message of the bot fits; fails with what she sees instead. */
  async waitFor(fits: RegExp | ((message: SeenMessage) => boolean), waitMs = 5_000): Promise<SeenMessage> {
    const test = typeof fits === "function" ? fits : (m: SeenMessage) => fits.test(m.text);
    for (const until = Date.now() + waitMs; ; await new Promise((resolve) => setTimeout(resolve, 25))) {
      const messages = (await this.history()).filter((m) => m.from === "bot");
      const newest = messages.at(-1);
      if (newest && test(newest)) return newest;
      if (Date.now() > until) {
        throw new Error(
          `waited ${waitMs} ms for ${fits}; she sees:\n${messages.map((m) => m.text).join("\n---\n")}`,
        );
      }
    }
  }

  #ask<T>(verb: string, body: Json): Promise<T> {
    return this.#control.ask<T>(verb, { chat: this.chat, ...body });
  }
}
