/** One API route: what it takes, who may, what it answers. Reads the request, asks the shell, presents the answer. */

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Answer, Services, Staff } from "../app/services.ts";
import type { Log } from "../ports/log.ts";
import type { Role } from "../ports/store.ts";
import { type RefusalCode, statusOf } from "./problem-status.ts";
import { mayChange, readCookie } from "./security.ts";

/** What every part of the web wing is given. */
export interface Wing {
  readonly services: Services;
  readonly log: Log;
  readonly publicUrl: string;
  readonly now: () => number;
}

export type ApiApp = OpenAPIHono;

/** anyone: also signed out; staff: whoever is signed in; roles: any of these. */
export type Door = "anyone" | "staff" | readonly Role[];

type Shape = z.ZodRawShape;
type Read<S extends Shape | undefined> = S extends Shape ? z.output<z.ZodObject<S>> : Record<never, never>;

interface RouteBase<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined> {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Fields that leave the server on success; anything else is dropped. */
  readonly answer: Shape;
}

export interface PublicRoute<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends Shape | undefined,
> extends RouteBase<P, Q, B> {
  readonly door: "anyone";
  readonly run: (input: Read<P> & Read<Q> & Read<B>, c: Context) => Promise<Answer<object>>;
}

export interface StaffRoute<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends Shape | undefined,
> extends RouteBase<P, Q, B> {
  readonly door: "staff" | readonly Role[];
  readonly run: (input: Read<P> & Read<Q> & Read<B>, by: Staff, c: Context) => Promise<Answer<object>>;
}

const refusalBody = z
  .object({
    ok: z.literal(false),
    code: z.string(),
    message: z.string(),
    problems: z.array(z.unknown()).optional(),
  })
  .openapi("Refusal");

/** Adds a route to the app and to /api/openapi.json. */
export function addRoute<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(app: ApiApp, wing: Wing, route: PublicRoute<P, Q, B> | StaffRoute<P, Q, B>): void {
  const answer = z.object({ ok: z.literal(true), ...route.answer });
  const described = createRoute({
    method: route.method,
    path: route.path,
    summary: route.summary,
    tags: [route.path.split("/")[2] ?? "api"],
    request: {
      ...(route.params ? { params: z.object(route.params) } : {}),
      ...(route.query ? { query: z.object(route.query) } : {}),
      ...(route.body
        ? { body: { required: true, content: { "application/json": { schema: z.object(route.body) } } } }
        : {}),
    },
    responses: {
      200: { description: "Done", content: { "application/json": { schema: answer } } },
      default: { description: "Refused", content: { "application/json": { schema: refusalBody } } },
    },
    middleware: [
      async (c: Context, next: () => Promise<void>) => {
        // Before the body is looked at, so that a stranger learns nothing from how it is judged.
        const no = await refuseAtDoor(c, wing, route);
        return no ?? (await next());
      },
    ] as const,
  });
  app.openapi(described, async (c) => {
    // The schemas above have just proven this shape; the library cannot carry it through our own generics.
    const valid = c.req.valid.bind(c.req) as unknown as (part: string) => object;
    const input = {
      ...(route.params ? valid("param") : {}),
      ...(route.query ? valid("query") : {}),
      ...(route.body ? valid("json") : {}),
    } as Read<P> & Read<Q> & Read<B>;
    const result =
      route.door === "anyone" ? await route.run(input, c) : await route.run(input, staffOf(c), c);
    return (
      result.ok ? c.json(answer.parse(result), 200) : refuse(c, result.code, result.message, result.problems)
    ) as never;
  });
}

/** A refusal as JSON, with the status of its code. */
export function refuse(
  c: Context,
  code: RefusalCode,
  message: string,
  problems?: readonly unknown[],
): Response {
  return c.json({ ok: false, code, message, ...(problems ? { problems } : {}) }, statusOf(code));
}

/** Who asked; signs in nobody that `allowStaff` or a route's door has not let through. */
export function staffOf(c: Context): Staff {
  const staff = c.get("staff") as Staff | undefined;
  if (!staff) throw new Error("a staff route ran without its door");
  return staff;
}

/** Puts the staff member on the context, or gives the refusal: signed out, or without the role. */
export async function allowStaff(
  c: Context,
  wing: Wing,
  roles: "staff" | readonly Role[],
): Promise<Response | null> {
  const session = readCookie(c, "d", wing.publicUrl);
  const staff = session ? await wing.services.accounts.who(session) : null;
  if (!staff) return refuse(c, "signed_out", "Sign in first.");
  if (roles !== "staff" && !staff.roles.some((r) => roles.includes(r))) {
    return refuse(c, "forbidden", "Your role does not open this.");
  }
  c.set("staff", staff);
  return null;
}

async function refuseAtDoor(
  c: Context,
  wing: Wing,
  route: { method: string; door: Door },
): Promise<Response | null> {
  if (route.method !== "get" && !mayChange(c, wing.publicUrl)) {
    return refuse(c, "cross_site", "This call must come from our own page.");
  }
  return route.door === "anyone" ? null : await allowStaff(c, wing, route.door);
}
