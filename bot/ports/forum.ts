/** A counsellors' group with a topic per case, as a second desk. Whatever stands there is seen by all its members. */

export interface Forum {
  /** A new topic; its number, or null when it cannot be made now. */
  open(name: string): Promise<number | null>;
  /** false: try again later. */
  rename(topic: number, name: string): Promise<boolean>;
  /** gone: somebody deleted the topic. failed: not all of it stands there; try again later. */
  write(topic: number, text: string): Promise<"written" | "gone" | "failed">;
  /** Deletes a topic with all that was written in it; false: try again later. */
  remove(topic: number): Promise<boolean>;
  /** Is this account of the platform a member of the group now? */
  isMember(account: string): Promise<boolean>;
}
