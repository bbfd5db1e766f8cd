/** How the Bot API says no: its own status, sentence and parameters. */

export class Refusal extends Error {
  readonly status: number;
  readonly parameters: Readonly<Record<string, number>> | undefined;
  constructor(status: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

export function badRequest(sentence: string): Refusal {
  return new Refusal(400, `Bad Request: ${sentence}`);
}
