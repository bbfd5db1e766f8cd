/** Unwrapped keys of the conversations that talk now. Whoever is silent or forgotten leaves memory with the second `age` from then. */

import type { KeyObject } from "node:crypto";

export class KeyCache {
  readonly #max: number;
  #used = new Map<string, KeyObject>();
  #fading = new Map<string, KeyObject>();
  #last: { readonly wrapped: Uint8Array; readonly key: KeyObject } | null = null;

  /** Holds twice `max` keys at most. */
  constructor(max: number) {
    this.#max = max;
  }

  get(wrapped: Uint8Array, unwrap: () => KeyObject): KeyObject {
    // One turn seals and opens a dozen times with the same one.
    if (wrapped === this.#last?.wrapped) return this.#last.key;
    const name = nameOf(wrapped);
    const key = this.#used.get(name) ?? this.#fading.get(name) ?? unwrap();
    if (!this.#used.has(name)) {
      if (this.#used.size >= this.#max) this.age();
      this.#used.set(name, key);
    }
    this.#last = { wrapped, key };
    return key;
  }

  /** Lets go of the keys that nobody asked for since the last time. */
  age(): void {
    this.#fading = this.#used;
    this.#used = new Map();
    this.#last = null;
  }
}

function nameOf(wrapped: Uint8Array): string {
  return Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength).toString("latin1");
}
