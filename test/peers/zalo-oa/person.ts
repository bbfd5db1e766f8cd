/** A person with Zalo on her phone, writing to an Official Account: the test's side of the stand-in. */

import { ask, type Fault, type Json } from "../stand-in.ts";

export interface SeenByHer {
  readonly text: string;
  readonly buttons: readonly { readonly title: string; readonly type: string; readonly payload: unknown }[];
  /** Did it come within the 48 hours that cost nothing? */
  readonly isFree: boolean;
}

export class ZaloOaControl {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A new person; `anonymous`: a visitor of the web widget. */
  async person(how: { anonymous?: boolean } = {}): Promise<ZaloOaPerson> {
    const { address } = await this.ask<{ address: string }>("person", how);
    return new ZaloOaPerson(this, address);
  }

  fault(fault: Fault): Promise<unknown> {
    return this.ask("fault", { ...fault });
  }

  set(how: Json): Promise<unknown> {
    return this.ask("set", how);
  }

  advance(advanceMs: number): Promise<unknown> {
    return this.ask("clock", { advanceMs });
  }

  async violations(): Promise<readonly string[]> {
    return (await this.ask<{ violations: string[] }>("violations")).violations;
  }

  state(): Promise<{
    refreshes: number;
    isSubscribed: boolean;
    deliveries: { event: string; retry: number; status: number }[];
  }> {
    return this.ask("state");
  }

  ask<T>(verb: string, body: Json = {}): Promise<T> {
    return ask<T>(this.#root, verb, body);
  }
}

export class ZaloOaPerson {
  readonly #control: ZaloOaControl;
  /** The address that our adapter gives this person. */
  readonly address: string;

  constructor(control: ZaloOaControl, address: string) {
    this.#control = control;
    this.address = address;
  }

  /** Does anything that Zalo has an event for; the status of the webhook's first answer. */
  async do(event: string, more: Json = {}): Promise<number> {
    return (await this.#control.ask<{ status: number }>("do", { address: this.address, event, ...more }))
      .status;
  }

  async write(text: string): Promise<void> {
    await this.do(this.address.startsWith("anon:") ? "anonymous_send_text" : "user_send_text", { text });
  }

  tap(button: string): Promise<{ dialled?: string; opened?: string }> {
    return this.#control.ask("tap", { address: this.address, button });
  }

  async history(): Promise<readonly SeenByHer[]> {
    return (await this.#control.ask<{ seen: SeenByHer[] }>("history", { address: this.address })).seen;
  }
}
