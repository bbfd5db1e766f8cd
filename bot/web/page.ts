/** The survivors' page and its API: with script or without. */

import { gatekeeper } from "./effort.ts";
import { formRoutes } from "./page-forms.ts";
import { scriptRoutes } from "./page-script.ts";
import { endLeftSession, type PageLimits } from "./page-session.ts";
import type { ApiApp, Wing } from "./route.ts";
import { shortHash } from "./sender.ts";

/** A panicking person writes twenty lines in a minute: heard. A flood is slowed. */
const WRITES = { burst: 40, everyMs: 1_000 };

export function pageRoutes(app: ApiApp, wing: Wing): void {
  const { page } = wing.services;
  const limits: PageLimits = {
    gate: gatekeeper(() => page.front().effort, page.sign, wing.services.limits),
    write: (token: string) => wing.services.limits.take(`write:${shortHash(wing, token)}`, WRITES),
  };
  for (const path of ["/", "/start", "/say", "/look", "/leave", "/api/page/*"])
    app.use(path, endLeftSession(wing));
  formRoutes(app, wing, limits);
  scriptRoutes(app, wing, limits);
}
