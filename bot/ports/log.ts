/** One line per thing worth an operator's eye: a code and facts. Never a person's words, address or name. */

export type LogLevel = "debug" | "info" | "warn" | "error";
export type Fact = string | number | boolean | null | undefined;

export type Log = (level: LogLevel, code: string, facts?: Readonly<Record<string, Fact>>) => void;
