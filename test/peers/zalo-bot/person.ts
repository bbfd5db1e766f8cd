/** A person with Zalo on her phone, writing to a bot: the test's side of the Zalo Bot stand-in. */

import { ask, type Fault, type Json } from "../stand-in.ts";
import type { ZaloEvent } from "./samples.ts";

export class ZaloBotControl {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A new person who may write; `group` makes a group. */
  async person(how: { group?: boolean } = {}): Promise<ZaloBotPerson> {
    const { chat } = await this.ask<{ chat: string }>("person", how);
    return new ZaloBotPerson(this, chat);
  }

  fault(fault: Fault): Promise<unknown> {
    return this.ask("fault", { ...fault });
  }

  /** How webhook bodies look from now on; both were seen. */
  form(form: "wrapped" | "flat"): Promise<unknown> {
    return this.ask("form", { form });
  }

  async violations(): Promise<readonly string[]> {
    return (await this.ask<{ violations: string[] }>("violations")).violations;
  }

  state(): Promise<{ webhook: string; webhookAnswers: number[]; sent: number }> {
    return this.ask("state");
  }

  ask<T>(verb: string, body: Json = {}): Promise<T> {
    return ask<T>(this.#root, verb, body);
  }
}

export class ZaloBotPerson {
  readonly #control: ZaloBotControl;
  readonly address: string;

  constructor(control: ZaloBotControl, address: string) {
    this.#control = control;
    this.address = address;
  }

  /** Writes, or does anything else that Zalo has an event for. */
  async write(text: string): Promise<void> {
    await this.do("text", { text });
  }

  async do(event: ZaloEvent, more: Json = {}): Promise<void> {
    await this.#control.ask("do", { chat: this.address, event, ...more });
  }

  /** What she sees of the bot, oldest first. */
  async history(): Promise<readonly string[]> {
    return (await this.#control.ask<{ seen: string[] }>("history", { chat: this.address })).seen;
  }
}
