/** What does not open (a spoilt row, another key) must not take away what does. */

import { errorKind } from "../core/error-kind.ts";
import type { Log } from "../ports/log.ts";
import type { ConversationHead, Sealed } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";

/** Opens what is sealed; null: it does not open, which `event` tells the operator once for each conversation. */
export function readerOf(
  log: Log,
  event: string,
): <T>(head: Pick<ConversationHead, "id">, read: () => T) => T | null {
  const told = new Set<string>();
  return (head, read) => {
    try {
      return read();
    } catch (error) {
      if (!told.has(head.id)) log("error", event, { conversation: head.id, error: errorKind(error) });
      told.add(head.id);
      return null;
    }
  };
}

/** What the service keeps for itself under `name`; null: it does not open, which the operator is told, and is as if it had never been. */
export function openedOwn(
  { vault, log }: { readonly vault: Pick<Vault, "openOwn">; readonly log: Log },
  name: string,
  sealed: Sealed,
): string | null {
  try {
    return vault.openOwn(name, sealed);
  } catch (error) {
    log("error", "secret_unreadable", { name, error: errorKind(error) });
    return null;
  }
}
