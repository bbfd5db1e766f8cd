/** `npm run -s cli -- password-link LOGIN`: a way back for the only administrator who forgot her password. */

import type { Config } from "../config.ts";
import { openInstallation } from "./installation.ts";

interface Face {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly usage: () => number;
}

/** Prints the link, which works once and for a day. The trail says that the operator made it, and for whom. */
export async function passwordLink(
  config: Config,
  [login, ...more]: readonly string[],
  { say, complain, usage }: Face,
): Promise<number> {
  if (login === undefined || more.length > 0) return usage();
  const service = await openInstallation(config);
  try {
    const made = await service.services.accounts.operatorsPasswordLink(login);
    if (!made.ok) {
      complain(made.message);
      return 1;
    }
    const url = config.publicUrl ?? `http://localhost:${config.port}`;
    say(`${url}/console/#/password/${made.token}`);
    return 0;
  } finally {
    await service.stop();
  }
}
