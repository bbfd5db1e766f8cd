/** Placeholder until the editors' screens land in the next commit. */

export function ContentScreen(_: { kind: string | undefined; itemKey: string | undefined }) {
  return null;
}
