/** Who may do what: a list of sentences. */

export type StaffRole = "counsellor" | "supervisor" | "editor" | "administrator";

export type StaffAct =
  | "see_queue"
  | "see_all_cases"
  | "read_case"
  | "claim"
  | "reply"
  | "note"
  | "set_level"
  | "work_case"
  | "edit_content"
  | "publish_content"
  | "manage_staff"
  | "manage_privacy";

const RIGHTS: Readonly<Record<StaffRole, readonly StaffAct[]>> = {
  // A counsellor sees the queue and the cases that are free or hers.
  counsellor: ["see_queue", "read_case", "claim", "reply", "note", "set_level", "work_case"],
  // A supervisor sees every case and may do what a counsellor may.
  supervisor: ["see_queue", "see_all_cases", "read_case", "claim", "reply", "note", "set_level", "work_case"],
  // An editor writes and publishes content and sees no person.
  editor: ["edit_content", "publish_content"],
  // An administrator runs the service: content and staff, but reads no person's words without a second role.
  administrator: ["edit_content", "publish_content", "manage_staff", "manage_privacy"],
};

export function may(roles: readonly StaffRole[], act: StaffAct): boolean {
  return roles.some((role) => RIGHTS[role].includes(act));
}
