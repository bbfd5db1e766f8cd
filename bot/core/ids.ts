/** Branded identifiers, so that a case id can never be passed where a conversation id is meant. */

type Brand<K extends string> = string & { readonly __brand: K };

export type ConversationId = Brand<"conversation">;
export type EventId = Brand<"event">;
export type MessageId = Brand<"message">;
export type CaseId = Brand<"case">;
export type StaffId = Brand<"staff">;

/** An id made from the event that caused it and a counter: the same event always makes the same ids (replay). */
export function derivedId<T extends MessageId | CaseId>(cause: EventId, kind: string, n: number): T {
  return `${cause}.${kind}${n}` as T;
}
