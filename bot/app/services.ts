/** What the shell offers to the web wing and the command line: the only face of `app/` that they see. */

import type { Topic } from "../ports/bus.ts";
import type { Limits } from "../ports/limits.ts";
import type { Accounts } from "./services/accounts.ts";
import type { Desk } from "./services/desk.ts";
import type { Editorial } from "./services/editorial.ts";
import type { Health } from "./services/health.ts";
import type { Hooks } from "./services/hooks.ts";
import type { PageService } from "./services/page.ts";
import type { Privacy } from "./services/privacy.ts";

export type * from "./services/accounts.ts";
export type * from "./services/answer.ts";
export type * from "./services/desk.ts";
export type * from "./services/editorial.ts";
export type * from "./services/health.ts";
export type * from "./services/hooks.ts";
export type * from "./services/page.ts";
export type * from "./services/privacy.ts";

export interface Services {
  readonly hooks: Hooks;
  readonly page: PageService;
  readonly accounts: Accounts;
  readonly desk: Desk;
  readonly editorial: Editorial;
  readonly privacy: Privacy;
  readonly health: Health;
  /** Against floods and guessing; one for all processes, as far as they share something. */
  readonly limits: Limits;
  /** Wake-ups for live views; losing one costs time only. */
  subscribe(topic: Topic, listener: () => void): () => void;
}
