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
  list(by: Staff): Promise<Answer<{ staff: readonly (Staff & { disabled: boolean; onDuty: boolean })[] }>>;
  change(
    by: Staff,
    id: StaffId,
    change: { alias?: string; roles?: readonly Role[]; disabled?: boolean },
  ): Promise<Answer<object>>;
  /** Whoever else is signed in under her name is out, and her open invitations end; she goes on with the new session. */
  changePassword(by: Staff, old: string, fresh: string): Promise<Answer<{ session: string; staff: Staff }>>;
}
