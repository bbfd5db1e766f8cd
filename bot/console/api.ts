/** Asking the server: one function, one kind of refusal. */

import type { Problem } from "../web/api-types.ts";
import type { Speech } from "./speech.tsx";

/** The server said no, or could not be reached (`code: "network"`). */
export class Refused extends Error {
  readonly code: string;
  readonly problems: readonly Problem[];
  constructor(code: string, problems: readonly Problem[] = []) {
    super(code);
    this.code = code;
    this.problems = problems;
  }
}

/** A line that died in silence never answers: what the desk waits for comes in a moment or not at all. */
const PATIENCE_MS = 15_000;
/** What a draft would change is worked out for up to half a minute; files are large. */
const LONG_WORK = /^content\/(?:evaluate|publish|revert|files|import|simulate|preview)$/;
const LONG_PATIENCE_MS = 180_000;
/** A long text on a slow line. */
const CONTENT_PATIENCE_MS = 45_000;

/** GET without a body, POST with one. Throws `Refused`. */
export async function call<T>(path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, {
      method: body ? "POST" : "GET",
      signal: AbortSignal.timeout(patienceFor(path)),
      headers: body ? { "content-type": "application/json", "x-asked-by": "console" } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new Refused("network");
  }
  const answer = await response.json().catch((error: unknown) => {
    // What is no JSON came from somebody in between; all else is an answer that broke off, or that nobody waited for.
    if (!(error instanceof SyntaxError)) throw new Refused("network");
    return null;
  });
  if (response.ok && answer?.ok) return answer as T;
  throw new Refused(answer?.code ?? (response.status >= 500 ? "internal" : "bad_request"), answer?.problems);
}

function patienceFor(path: string): number {
  if (LONG_WORK.test(path)) return LONG_PATIENCE_MS;
  return path.startsWith("content/") ? CONTENT_PATIENCE_MS : PATIENCE_MS;
}

/** A refusal in words that say what to do. */
export function inWords(error: unknown, speech: Speech): string {
  return error instanceof Refused
    ? speech.named("err_", error.code, speech.t("err_internal"))
    : speech.t("err_internal");
}

/** A key for something that must be taken once, however often it is asked. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );
}
