/** What of an error may be logged: only of what kind it is, for its message could quote a person. */

export function errorKind(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** With its code, if it has one, and the function in which it was thrown. */
export function errorKindAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const where = /at (?:async )?([\w.<>]+) /.exec(error.stack ?? "")?.[1] ?? "";
  return "code" in error ? `${error.name} ${String(error.code)} ${where}` : `${error.name} ${where}`;
}
