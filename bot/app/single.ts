/** One process at a time for work that two must not do (polling a platform): a turn kept in the store, renewed by writing. */

import { type Loop, startLoop } from "./loop.ts";
import type { Parts } from "./parts.ts";
import { openedOwn } from "./readable.ts";

/** How often the holder says that it lives, and how often the others look. */
const BEAT_MS = 3_000;
/** A turn that was not renewed for this long, by the watch of whoever waits, is taken over. */
const LAPSE_MS = 12_000;

/** What is done while this process has the turn. */
export interface SingleWork {
  begin(): Promise<void>;
  end(): Promise<void>;
}

type Needs = Pick<Parts, "store" | "vault" | "clock" | "log">;

/**
 * Takes, keeps and gives back the turn `name`. Each renewal is a compare-and-set that counts the version up, so two
 * never hold it; a holder that slept past its turn finds out at its next beat and ends. No two clocks are compared:
 * whoever waits measures by its own watch how long the version has stood still.
 */
export function startSingle(name: string, owner: string, work: SingleWork, parts: Needs): Loop {
  const { store, vault, clock, log } = parts;
  const key = `turn:${name}`;
  const sealed = (by: string) => vault.sealOwn(key, by);
  let held: number | null = null;
  let renewedAt = 0;
  let seen: { version: number; since: number } | null = null;

  async function take(expect: number | null): Promise<void> {
    if (!(await store.upkeep.putSecret(key, sealed(owner), expect))) return;
    held = (expect ?? 0) + 1;
    renewedAt = clock.now();
    log("info", "turn_taken", { name });
    await work.begin();
  }

  async function drop(): Promise<void> {
    held = null;
    seen = null;
    log("info", "turn_lost", { name });
    await work.end();
  }

  async function renew(version: number): Promise<void> {
    try {
      if (!(await store.upkeep.putSecret(key, sealed(owner), version))) return await drop();
      held = version + 1;
      renewedAt = clock.now();
    } catch (error) {
      // The write may have been done all the same, or the store is away for everybody: hold on for as long as nobody
      // else may take it, then see who has it.
      const now = await store.upkeep.getSecret(key).catch(() => null);
      if (now && openedOwn(parts, key, now.sealed) === owner) held = now.version;
      else if (clock.now() - renewedAt > LAPSE_MS) await drop();
      throw error;
    }
  }

  async function look(): Promise<void> {
    const now = await store.upkeep.getSecret(key);
    if (!now) return take(null);
    // Spoilt, it is somebody's who may live, and is taken over like that of who died.
    if (openedOwn(parts, key, now.sealed) === "") return take(now.version);
    if (seen?.version !== now.version) seen = { version: now.version, since: clock.now() };
    else if (clock.now() - seen.since > LAPSE_MS) await take(now.version);
  }

  const beat = async () => {
    await (held === null ? look() : renew(held));
    return 0;
  };
  const loop = startLoop(`turn ${name}`, BEAT_MS, beat, { clock, log });
  return {
    wake: loop.wake,
    async stop() {
      await loop.stop();
      if (held === null) return;
      await work.end();
      // Given back, so that the next one need not wait for it to lapse.
      await store.upkeep.putSecret(key, sealed(""), held).catch(() => false);
      held = null;
    },
  };
}
