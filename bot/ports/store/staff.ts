/** Staff, their sessions and invitations, who is on duty. */

import type { StaffId } from "../../core/ids.ts";
import type { AuditLine } from "./conversations.ts";

export type Role = "counsellor" | "supervisor" | "editor" | "administrator";

export interface StaffRow {
  readonly id: StaffId;
  /** What staff sign in with. */
  readonly login: string;
  /** What persons see when this counsellor joins; never a real full name. */
  readonly alias: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string;
  readonly disabled: boolean;
}

export interface StaffStore {
  count(): Promise<number>;
  byLogin(login: string): Promise<StaffRow | null>;
  byId(id: StaffId): Promise<StaffRow | null>;
  list(): Promise<readonly StaffRow[]>;
  /** Who is switched off is out at once, and so are her invitations; `endSessions`: the same without switching her off. */
  put(
    row: StaffRow,
    audit: AuditLine,
    how?: { readonly endSessions: boolean },
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: "login_taken" }>;
  /** One-time links and sessions: kept only as hashes. `kind` "invite" may be used once. */
  putToken(token: {
    hash: string;
    kind: "invite" | "session";
    staffId: StaffId | null;
    roles: readonly Role[];
    expiresAt: number;
  }): Promise<void>;
  /** Reads a live token; `consume` makes a second use impossible. */
  useToken(
    hash: string,
    kind: "invite" | "session",
    now: number,
    consume: boolean,
  ): Promise<{ staffId: StaffId | null; roles: readonly Role[] } | null>;
  dropToken(hash: string): Promise<void>;
  /** "I am on duty until": renewed while a counsellor's console is open and she has switched herself on. */
  beat(id: StaffId, until: number): Promise<void>;
  onDuty(now: number): Promise<readonly StaffId[]>;
}
