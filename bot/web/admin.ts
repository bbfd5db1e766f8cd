/** Staff administration: invitations, roles, disabling; and the operator's warnings. */

import { z } from "@hono/zod-openapi";
import type { StaffId } from "../core/ids.ts";
import { bilingualShape, roleShape, staffRowShape } from "./present.ts";
import { type ApiApp, addRoute, type Wing } from "./route.ts";

const ADMIN = ["administrator"] as const;

export function adminRoutes(app: ApiApp, wing: Wing): void {
  const { accounts, health } = wing.services;
  addRoute(app, wing, {
    method: "get",
    path: "/api/staff/list",
    summary: "Everybody who may sign in",
    door: ADMIN,
    answer: { staff: z.array(staffRowShape) },
    run: (_, by) => accounts.list(by),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/invite",
    summary: "Make a one-time invitation",
    door: ADMIN,
    body: { roles: z.array(roleShape).min(1) },
    answer: { token: z.string(), expiresAt: z.number() },
    run: ({ roles }, by) => accounts.invite(by, roles),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/change",
    summary: "Change somebody's alias or roles, or disable them",
    door: ADMIN,
    body: {
      id: z.string().min(1),
      alias: z.string().trim().min(1).max(60).optional(),
      roles: z.array(roleShape).min(1).optional(),
      disabled: z.boolean().optional(),
    },
    answer: {},
    run: ({ id, alias, roles, disabled }, by) =>
      accounts.change(by, id as StaffId, {
        ...(alias !== undefined ? { alias } : {}),
        ...(roles ? { roles } : {}),
        ...(disabled !== undefined ? { disabled } : {}),
      }),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/staff/health",
    summary: "What the operator should know: parts and warnings",
    door: ADMIN,
    answer: {
      version: z.string(),
      ready: z.boolean(),
      parts: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
      notices: z.array(bilingualShape),
    },
    // `ok` of the report is its own; the envelope's says only that the answer came.
    run: async () => ({ ...(await health.report()), ok: true }),
  });
}
