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

/** What opens a door to whoever has it: an invitation, a way back for who forgot her password, a session. */
export type TokenKind = "invite" | "reset" | "session";

/** An invitation or a way back that nobody has used yet. */
export interface OpenLink {
  readonly hash: string;
  readonly kind: "invite" | "reset";
  /** Who made the invitation (null: nobody, the first administrator's), or whose password is to be set. */
  readonly staffId: StaffId | null;
  readonly roles: readonly Role[];
  readonly expiresAt: number;
}

export interface StaffStore {
  count(): Promise<number>;
  byLogin(login: string): Promise<StaffRow | null>;
  byId(id: StaffId): Promise<StaffRow | null>;
  list(): Promise<readonly StaffRow[]>;
  /**
   * Who is switched off is out at once, and so are her invitations; `endSessions`: the same without switching her off.
   * `endResets`: every open way back ends, whoever it was for.
   */
  put(
    row: StaffRow,
    audit: AuditLine,
    how?: { readonly endSessions?: boolean; readonly endResets?: boolean },
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: "login_taken" }>;
  /** One-time links and sessions: kept only as hashes. With `audit` both are written or neither. */
  putToken(
    token: {
      hash: string;
      kind: TokenKind;
      staffId: StaffId | null;
      roles: readonly Role[];
      expiresAt: number;
    },
    audit?: AuditLine,
  ): Promise<void>;
  /** Reads a live token; `consume` makes a second use impossible. */
  useToken(
    hash: string,
    kind: TokenKind,
    now: number,
    consume: boolean,
  ): Promise<{ staffId: StaffId | null; roles: readonly Role[] } | null>;
  dropToken(hash: string): Promise<void>;
  /** What could still be used, the first to expire first. */
  links(now: number): Promise<readonly OpenLink[]>;
  /** Takes an invitation or a way back away; false: it was used, has expired or never was, and nothing is written. */
  dropLink(hash: string, now: number, audit: AuditLine): Promise<boolean>;
  /** "I am on duty until": renewed while a counsellor's console is open and she has switched herself on. */
  beat(id: StaffId, until: number): Promise<void>;
  onDuty(now: number): Promise<readonly StaffId[]>;
}
