/** Staff accounts and sessions. */

import type { StaffId } from "../../core/ids.ts";
import type { Role } from "../../ports/store.ts";
import type { Answer } from "./answer.ts";

export interface Staff {
  readonly id: StaffId;
  readonly login: string;
  readonly alias: string;
  readonly roles: readonly Role[];
}

/** An invitation or a way back that nobody has used yet. */
export interface Link {
  /** Names the link to `takeBack`; opens nothing. */
  readonly id: string;
  readonly kind: "invite" | "reset";
  /** Who made the invitation, or whose password is to be set. */
  readonly alias: string;
  readonly roles: readonly Role[];
  readonly expiresAt: number;
}

export interface Accounts {
  /** A one-time link for the first administrator while there is no staff; null afterwards. Printed at start. */
  firstLink(): Promise<string | null>;
  /** What an invitation token is for, if it is still good. */
  invitation(token: string): Promise<Answer<{ roles: readonly Role[] }>>;
  /** Uses the invitation: makes the account (password at least 12 characters) and signs in. */
  accept(
    token: string,
    who: { login: string; alias: string; password: string },
  ): Promise<Answer<{ session: string; staff: Staff }>>;
  /** `device`: the mark that an earlier sign-in of this name left there, if it did. */
  signIn(
    login: string,
    password: string,
    from: string,
    device?: string,
  ): Promise<Answer<{ session: string; staff: Staff }>>;
  /** Marks a device on which she signed in, so that strangers who guess at her name do not keep her out there. */
  deviceMark(login: string): string;
  signOut(session: string): Promise<void>;
  who(session: string): Promise<Staff | null>;
  /** Good once, for a week, and as long as `by` may invite people. */
  invite(by: Staff, roles: readonly Role[]): Promise<Answer<{ token: string; expiresAt: number }>>;
  /**
   * A way back for a colleague who forgot her password: good once and for a day, and it ends when any administrator is
   * dismissed. Not for oneself, nor for a closed account. Whoever uses it sits in her place, so the trail names its maker.
   */
  passwordLink(by: Staff, id: StaffId): Promise<Answer<{ token: string; expiresAt: number }>>;
  /** The same for whoever runs the machine, when no administrator can get in. */
  operatorsPasswordLink(login: string): Promise<Answer<{ token: string; expiresAt: number }>>;
  /** Whose password such a link sets, if it is still good. */
  passwordLinkOf(token: string): Promise<Answer<{ login: string; alias: string }>>;
  /** Uses it: sets the password (at least 12 characters), ends every session and link of hers, and signs in. */
  setPassword(token: string, password: string): Promise<Answer<{ session: string; staff: Staff }>>;
  /** Invitations and ways back that still open something. */
  links(by: Staff): Promise<Answer<{ links: readonly Link[] }>>;
  takeBack(by: Staff, id: string): Promise<Answer<object>>;
  list(by: Staff): Promise<Answer<{ staff: readonly (Staff & { disabled: boolean; onDuty: boolean })[] }>>;
  change(
    by: Staff,
    id: StaffId,
    change: { alias?: string; roles?: readonly Role[]; disabled?: boolean },
  ): Promise<Answer<object>>;
  /** Whoever else is signed in under her name is out, and her open invitations end; she goes on with the new session. */
  changePassword(by: Staff, old: string, fresh: string): Promise<Answer<{ session: string; staff: Staff }>>;
}
