/** Deleting both sides' messages from a private chat, as far as Telegram lets us: younger than 48 hours. */

import { type Api, GrammyError, HttpError } from "grammy";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { refusalOf } from "./refusal.ts";
import { NOT_JSON } from "./transport.ts";

interface World {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
}

const MAX_PER_CALL = 100;
/** Somebody may be taking the phone from her hand: a hiccup is tried again at once, not at the outbox's next round. */
const TRIES = 3;
const BETWEEN_TRIES_MS = 700;
/** It wants a pause, or does not know our token. */
const AWAY: ReadonlySet<number> = new Set([429, 401, 404]);

/**
 * Deletes the messages behind `refs` (each one id, or several joined by commas); returns the refs that are still there.
 * null: Telegram was not reached, or asks for a pause.
 */
export async function deleteAll(
  world: World,
  address: string,
  refs: readonly string[],
): Promise<readonly string[] | null> {
  const chat = Number(address);
  const idsOf = new Map(refs.map((ref) => [ref, ref.split(",").map(Number)]));
  const ids = [...idsOf.values()].flat().filter((id) => Number.isSafeInteger(id) && id > 0);
  const left = new Set<number>();
  for (let n = 0; n < ids.length; n += MAX_PER_CALL) {
    const still = await deleteSome(world, chat, ids.slice(n, n + MAX_PER_CALL));
    if (still === null) return null;
    for (const id of still) left.add(id);
  }
  return refs.filter((ref) => (idsOf.get(ref) ?? []).some((id) => !(id > 0) || left.has(id)));
}

/** Returns those that are still there; null: nobody could be asked. */
async function deleteSome(
  world: World,
  chat: number,
  ids: readonly number[],
): Promise<readonly number[] | null> {
  if (ids.length === 0) return [];
  const failed = await attempt(world, () => world.api.deleteMessages(chat, [...ids]));
  if (failed === undefined || isAlreadyGone(failed)) return [];
  if (isAway(failed)) return null;
  if (ids.length === 1 || !(failed instanceof GrammyError && failed.error_code === 400)) return ids;
  // One message that cannot be deleted refuses the whole call: halved until the others are gone, in few calls.
  const half = Math.ceil(ids.length / 2);
  const first = await deleteSome(world, chat, ids.slice(0, half));
  const second = first && (await deleteSome(world, chat, ids.slice(half)));
  return second && [...first, ...second];
}

/** Then a message would not get through either. A fault of Telegram's own may be of this call alone. */
function isAway(error: unknown): boolean {
  if (error instanceof HttpError) return true;
  return error instanceof GrammyError && (AWAY.has(error.error_code) || error.description === NOT_JSON);
}

/** undefined: done. Deleting twice does no harm, so unclear failures are repeated too. */
async function attempt(world: World, call: () => Promise<unknown>): Promise<unknown> {
  for (let n = 1; ; n += 1) {
    try {
      await call();
      return undefined;
    } catch (error) {
      const { kind, code } = refusalOf(error);
      const isFinal = kind === "gone" || kind === "bug" || n === TRIES;
      if (!isFinal) {
        await new Promise<void>((resolve) => void world.clock.after(BETWEEN_TRIES_MS * n, resolve));
        continue;
      }
      if (kind !== "bug") world.log("warn", "telegram.not_deleted", { cause: code });
      return error;
    }
  }
}

function isAlreadyGone(error: unknown): boolean {
  return error instanceof GrammyError && /message to delete not found/i.test(error.description);
}
