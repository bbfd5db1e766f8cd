/** One line per thing worth an operator's eye: a code and facts. Never a person's words, address or name. */

export type LogLevel = "debug" | "info" | "warn" | "error";
export type Fact = string | number | boolean | null | undefined;

/** The line has a level, a time and a code of its own: a second one would hide it from whoever reads the line as JSON. */
export type Facts = Readonly<Record<string, Fact>> & {
  readonly level?: never;
  readonly time?: never;
  readonly code?: never;
};

export type Log = (level: LogLevel, code: string, facts?: Facts) => void;
