/** Alive, ready, and figures. Details only for the operator's own network; the public learns yes or no. */

import { Hono } from "hono";
import type { Health } from "../app/services.ts";
import { isNear } from "./sender.ts";

export function healthRoutes(health: Health): Hono {
  const app = new Hono();
  // Asks nobody: who cannot give even this answer (frozen, or in a loop without end) has to be started again.
  app.get("/livez", (c) => c.json({ ok: true }));
  app.get("/healthz", async (c) => {
    const report = await health.report();
    return c.json(isNear(c) ? report : { ok: report.ok }, report.ok ? 200 : 503);
  });
  app.get("/readyz", async (c) => {
    const report = await health.report();
    return c.json(isNear(c) ? report : { ready: report.ready }, report.ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    // Counts of a small service, watched over time, tell when somebody asked for help.
    if (!isNear(c)) return c.notFound();
    return c.text(await health.metrics(), 200, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
    });
  });
  return app;
}
