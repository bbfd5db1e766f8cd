/** Staff administration: invitations, roles, disabling; and the operator's warnings. */

import { z } from "@hono/zod-openapi";
import type { StaffId } from "../core/ids.ts";
import { bilingualShape, linkShape, roleShape, staffRowShape } from "./present.ts";
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
    path: "/api/staff/password-link",
    summary: "Make a one-time link with which a colleague sets a new password",
    door: ADMIN,
    body: { id: z.string().min(1) },
    answer: { token: z.string(), expiresAt: z.number() },
    run: ({ id }, by) => accounts.passwordLink(by, id as StaffId),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/staff/links",
    summary: "Invitations and password links that nobody has used yet",
    door: ADMIN,
    answer: { links: z.array(linkShape) },
    run: (_, by) => accounts.links(by),
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/staff/take-back",
    summary: "Take such a link back: it opens nothing any more",
    door: ADMIN,
    body: { id: z.string().min(1).max(200) },
    answer: {},
    run: ({ id }, by) => accounts.takeBack(by, id),
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
