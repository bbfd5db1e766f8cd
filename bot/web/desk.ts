/** The counsellors' desk: queue, case, conversation, and their live streams. */

import { z } from "@hono/zod-openapi";
import type { Staff } from "../app/services.ts";
import type { CaseId, StaffId } from "../core/ids.ts";
import { type LiveEvent, type Looked, lastSeen, stream } from "./live.ts";
import { cardShape, caseLineShape, fileShape, levelShape, outcomeShape, stateShape } from "./present.ts";
import { type ApiApp, addRoute, allowStaff, refuse, staffOf, type Wing } from "./route.ts";
import { shortHash } from "./sender.ts";

/** Administrators are not here: running the service does not open what people wrote. */
const DESK = ["counsellor", "supervisor"] as const;

const one = { id: z.string().min(1).max(200) };
const words = z.string().trim().min(1).max(8000);
const reason = z.string().trim().max(1000);

export function deskRoutes(app: ApiApp, wing: Wing): void {
  readingRoutes(app, wing);
  actionRoutes(app, wing);
  liveRoutes(app, wing);
}

function readingRoutes(app: ApiApp, wing: Wing): void {
  const { desk } = wing.services;
  addRoute(app, wing, {
    method: "get",
    path: "/api/desk/cases",
    summary: "The queue: the most urgent first",
    door: DESK,
    query: { states: z.string().default("waiting,claimed").openapi({ example: "waiting,claimed" }) },
    answer: { cases: z.array(cardShape), onDuty: z.array(z.string()), more: z.number() },
    run: async ({ states }, by) => {
      const asked = z.array(stateShape).safeParse(states.split(","));
      if (!asked.success)
        return { ok: false, code: "bad_request", message: "states: waiting, claimed, closed" };
      return desk.list(by, asked.data);
    },
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/desk/newest",
    summary: "Who came last among those who wait, when the queue is longer than its list",
    door: DESK,
    answer: { cases: z.array(cardShape) },
    run: (_, by) => desk.newest(by),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/desk/cases/{id}",
    summary: "One case with its reasons, answers, notes and history",
    door: DESK,
    params: one,
    answer: { file: fileShape },
    run: ({ id }, by) => desk.open(by, id as CaseId),
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/desk/cases/{id}/lines",
    summary: "Lines of the conversation after a number (a reading, like opening it)",
    door: DESK,
    params: one,
    query: { after: z.coerce.number().int().min(0).default(0) },
    answer: { lines: z.array(caseLineShape) },
    run: async ({ id, after }, by) => {
      // Opening writes down who read it; the lines alone would be read without a trace.
      const opened = await desk.open(by, id as CaseId);
      return opened.ok ? desk.lines(by, id as CaseId, after) : opened;
    },
  });
  addRoute(app, wing, {
    method: "get",
    path: "/api/desk/outcomes",
    summary: "How a case can end",
    door: DESK,
    answer: { outcomes: z.array(outcomeShape) },
    run: async () => ({ ok: true, outcomes: desk.outcomes() }),
  });
}

function actionRoutes(app: ApiApp, wing: Wing): void {
  const { desk } = wing.services;
  const act = <B extends z.ZodRawShape>(
    verb: string,
    summary: string,
    body: B,
    run: (
      by: Staff,
      id: CaseId,
      body: z.output<z.ZodObject<B>>,
    ) => ReturnType<typeof desk.claim | typeof desk.note>,
    answer: z.ZodRawShape = {},
  ) =>
    addRoute(app, wing, {
      method: "post",
      path: `/api/desk/cases/{id}/${verb}`,
      summary,
      door: DESK,
      params: one,
      body,
      answer,
      // Params and body were proven separately; the intersection of the two generics is what `run` takes.
      run: (input, by) =>
        run(by, (input as { id: string }).id as CaseId, input as unknown as z.output<z.ZodObject<B>>),
    });
  act(
    "claim",
    "Take a waiting case, or take one over from a colleague who is not on duty or has not answered",
    { from: z.string().max(200).optional() },
    (by, id, b) => desk.claim(by, id, b.from as StaffId | undefined),
    { card: cardShape },
  );
  act(
    "reply",
    "Write to the person; a repeat with the same key is sent once",
    { text: words, key: z.string().min(8).max(80) },
    (by, id, b) => desk.reply(by, id, b.text, b.key),
  );
  act("note", "Add a note that the person never sees", { text: words }, (by, id, b) =>
    desk.note(by, id, b.text),
  );
  act("level", "Set the level, with the reason", { level: levelShape, reason: reason.min(1) }, (by, id, b) =>
    desk.setLevel(by, id, b.level, b.reason),
  );
  act("release", "Give the case back to the queue", {}, (by, id) => desk.release(by, id));
  act(
    "close",
    "End the case",
    { outcome: z.string().min(1).max(60), note: reason.default("") },
    (by, id, b) => desk.close(by, id, b.outcome, b.note),
  );
  act("read", "Everything so far has been read", {}, async (by, id) => {
    await desk.read(by, id);
    return { ok: true };
  });
  addRoute(app, wing, {
    method: "post",
    path: "/api/desk/duty",
    summary: "On duty, for two minutes at a time",
    door: DESK,
    body: { on: z.boolean() },
    answer: {},
    run: async ({ on }, by) => {
      await desk.onDuty(by, on);
      return { ok: true };
    },
  });
}

function liveRoutes(app: ApiApp, wing: Wing): void {
  const { desk, subscribe } = wing.services;
  const bug = (error: unknown) =>
    wing.log("error", "web.stream_broke", { name: error instanceof Error ? error.name : "unknown" });

  app.get("/api/desk/stream", async (c) => {
    const no = await allowStaff(c, wing, DESK);
    if (no) return no;
    const by = staffOf(c);
    let last = "";
    const response = stream(c, {
      owner: shortHash(wing, `queue:${by.id}`),
      topics: ["cases"],
      subscribe,
      onBug: bug,
      look: async () => {
        // Signed out or disabled meanwhile: the stream ends too.
        if (await allowStaff(c, wing, DESK)) return { events: [], done: true };
        const result = await desk.list(staffOf(c), ["waiting", "claimed"]);
        if (!result.ok) return { events: [], done: true };
        const { onDuty, more } = result;
        const data = { cases: cardShape.array().parse(result.cases), onDuty, more };
        const now = JSON.stringify(data);
        if (now === last) return { events: [] };
        last = now;
        return { events: [{ event: "cases", data }] };
      },
    });
    return response ?? refuse(c, "too_many", "Too many open windows.");
  });

  app.get("/api/desk/cases/:id/stream", async (c) => {
    const no = await allowStaff(c, wing, DESK);
    if (no) return no;
    const by = staffOf(c);
    const id = c.req.param("id") as CaseId;
    const opened = await desk.open(by, id);
    if (!opened.ok) return refuse(c, opened.code, opened.message);
    const response = stream(c, {
      owner: shortHash(wing, `case:${by.id}`),
      topics: [opened.file.topicName, "cases"],
      subscribe,
      onBug: bug,
      look: lineWatch(lastSeen(c), async (after) =>
        // With the roles that she has now: who is no supervisor any more reads no colleague's case on.
        (await allowStaff(c, wing, DESK)) ? gone : desk.lines(staffOf(c), id, after),
      ),
    });
    return response ?? refuse(c, "too_many", "Too many open windows.");
  });
}

const gone = { ok: false, code: "forbidden", message: "Sign in again." } as const;

/** So many at once are a piece of a long conversation: its end is what the counsellor needs. */
const MANY_LINES = 100;

type ReadLines = (after: number) => ReturnType<Wing["services"]["desk"]["lines"]>;

/**
 * New lines, and again those whose delivery was not settled when they were last seen. The id of an event is the number up
 * to which all is settled: who comes back after a break is told the rest again, also that a reply did not arrive.
 */
function lineWatch(from: number, read: ReadLines) {
  let newest = from;
  const open = new Map<number, string>();
  const settled = () => Math.min(newest, ...[...open.keys()].map((n) => n - 1));
  return async (): Promise<Looked> => {
    const from = settled();
    const result = await read(from);
    if (!result.ok) return { events: [{ event: "gone", data: { code: result.code } }], done: true };
    // Behind a message that has long been on its way stand more than one reading holds: what is new comes all the same.
    const isNewRead = from === newest || (result.lines.at(-1)?.n ?? 0) > newest;
    const later = isNewRead ? null : await read(newest);
    const events: LiveEvent[] = [];
    for (const line of [...result.lines, ...(later?.ok ? later.lines : [])]) {
      if (line.n <= newest && (open.get(line.n) ?? line.state) === line.state) continue;
      newest = Math.max(newest, line.n);
      if (line.state === "queued" || line.state === "sending") open.set(line.n, line.state);
      else open.delete(line.n);
      events.push({ event: "line", data: caseLineShape.parse(line), id: String(settled()) });
    }
    return { events, again: events.length >= MANY_LINES };
  };
}
