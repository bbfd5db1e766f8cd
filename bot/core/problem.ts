/** Wrong data from people: a list of problems that name file, line and field, never a throw. */

export interface Problem {
  /** Stable code, for tests and for the console ("flow.unknown_step"). */
  readonly code: string;
  /** What is wrong and what to do, one English sentence. */
  readonly message: string;
  /** The same in Vietnamese, once `problem-words.ts` has said it. */
  readonly vi?: string;
  /** File or revision the data came from. */
  readonly file?: string;
  /** 1-based line in that file. */
  readonly line?: number;
  /** 1-based column in that line. */
  readonly column?: number;
  /** Dotted path of the field ("steps.hello.say.vi"). */
  readonly field?: string;
  /** An error refuses publishing; a warning is shown. */
  readonly severity: "error" | "warning";
}

/** "flows/first.yaml:12 steps.hello.next: …"; `words` instead of the English sentence. */
export function describeProblem(p: Problem, words = p.message): string {
  const place = [p.file, p.line].filter((x) => x !== undefined).join(":");
  return [place, p.field ? `${p.field}:` : "", words].filter(Boolean).join(" ");
}
