/** What does not open (a spoilt row, another key) must not take away what does. */

import { errorKind } from "../core/error-kind.ts";
import type { Log } from "../ports/log.ts";
import type { ConversationHead } from "../ports/store.ts";

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
