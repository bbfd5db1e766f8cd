/** A Bot API server on loopback: real grammY on one side, a test that plays people on the other. Strict on purpose. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { VERBS } from "./control.ts";
import { deliverWebhooks } from "./delivery.ts";
import { checkLimits } from "./limits.ts";
import { METHODS } from "./methods.ts";
import { Refusal } from "./refusal.ts";
import { methodSchemas } from "./schema.ts";
import { BotApiWorld, type Fault, type Json } from "./world.ts";

export interface BotApiPeer {
  /** For TELEGRAM_API_ROOT. Below it, `/control/VERB` is the test's side. */
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export const PEER_TOKEN = "4242000001:PEER-made-up-token-for-tests-0001";

/** Starts the stand-in; `port` 0 takes a free one. */
export async function startBotApi(how: { port?: number; token?: string } = {}): Promise<BotApiPeer> {
  const world = new BotApiWorld(how.token ?? PEER_TOKEN);
  // Compiled before anybody waits for an answer: on a busy machine it takes longer than a test's patience.
  for (const method of ["sendMessage", "deleteMessages"]) methodSchemas().check(method, {});
  const server = createServer((request, response) => {
    answer(world, request, response).catch(() => response.destroy());
  });
  // As a real server behind its balancer: no pooled connection ends just when it is used again.
  server.keepAliveTimeout = 600_000;
  const stopDelivery = deliverWebhooks(world);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(how.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, token: world.token, close: () => close(server, stopDelivery) };
}

function close(server: Server, stopDelivery: () => void): Promise<void> {
  stopDelivery();
  return new Promise((resolve) => {
    // Closing twice is no fault: a test may have done it as its last act.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(world: BotApiWorld, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://peer");
  const control = /^\/control\/(\w+)$/.exec(url.pathname);
  const body = await bodyOf(request);
  if (control) return controlled(world, control[1] ?? "", body, response);
  const called = /^\/bot([^/]*)\/(\w+)$/.exec(url.pathname);
  if (!called || !/^\d+:[\w-]+$/.test(called[1] ?? ""))
    return refuse(response, new Refusal(404, "Not Found"));
  if (called[1] !== world.token) return refuse(response, new Refusal(401, "Unauthorized"));
  const params = paramsOf(request, url, body);
  if (params === undefined)
    return refuse(response, new Refusal(400, "Bad Request: can't parse request body"));
  await call(world, called[2] ?? "", params, response);
}

async function call(
  world: BotApiWorld,
  method: string,
  params: Json,
  response: ServerResponse,
): Promise<void> {
  const record = { method, params, status: 0 };
  world.calls.push(record);
  response.on("finish", () => {
    record.status = response.statusCode;
  });
  const fault = world.takeFault(method);
  if (fault && fault.fault !== "late" && !fault.isDone) return misbehave(fault, response);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const result = await perform(world, method, params, gone.signal);
    if (fault?.fault === "late") await new Promise((resolve) => setTimeout(resolve, fault.lateMs ?? 1_000));
    else if (fault) return misbehave(fault, response);
    reply(response, 200, { ok: true, result });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(response, error);
  }
}

function perform(world: BotApiWorld, method: string, params: Json, gone: AbortSignal): unknown {
  const faults = methodSchemas().check(method, params);
  if (faults.length > 0) {
    // Real Telegram lets unknown fields pass. Here they are a bug of the caller, told in the answer too.
    world.violations.push(`${method}: ${faults.join("; ")}`);
    throw new Refusal(methodSchemas().methods.has(method) ? 400 : 404, `Bad Request: ${faults.join("; ")}`);
  }
  try {
    checkLimits(method, params);
  } catch (error) {
    world.violations.push(`${method}: ${(error as Error).message}`);
    throw error;
  }
  const play = METHODS[method];
  if (!play) {
    world.violations.push(`${method}: this stand-in does not play it`);
    throw new Refusal(404, "Not Found: this stand-in does not play the method");
  }
  return play(world, params, gone);
}

function misbehave(fault: Fault, response: ServerResponse): void {
  const refusal = refusalFor(fault);
  if (refusal) {
    refuse(response, refusal);
  } else if (fault.fault === "html") {
    response.writeHead(fault.status ?? 502, { "content-type": "text/html" });
    response.end("<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>");
  } else if (fault.fault === "cut") {
    response.destroy();
  }
  // "hang": no answer at all, until the caller goes away.
}

function refusalFor(fault: Fault): Refusal | undefined {
  const seconds = fault.retryAfter ?? 1;
  switch (fault.fault) {
    case "too_many":
      return new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
    case "blocked":
      return new Refusal(403, "Forbidden: bot was blocked by the user");
    case "unauthorized":
      return new Refusal(401, "Unauthorized");
    case "bad_request":
      return new Refusal(400, fault.description ?? "Bad Request: chat not found");
    case "server_error":
      return new Refusal(fault.status ?? 500, "Internal Server Error");
    case "html":
    case "hang":
    case "cut":
      return undefined;
  }
}

async function controlled(
  world: BotApiWorld,
  verb: string,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const run = VERBS[verb];
  if (!run)
    return reply(response, 404, { error: `no verb ${verb}; there are ${Object.keys(VERBS).join(", ")}` });
  try {
    reply(response, 200, (await run(world, body === "" ? {} : JSON.parse(body))) as Json);
  } catch (error) {
    reply(response, 422, { error: (error as Error).message });
  }
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const { status, message, parameters } = refusal;
  reply(response, status, {
    ok: false,
    error_code: status,
    description: message,
    ...(parameters ? { parameters } : {}),
  });
}

function reply(response: ServerResponse, status: number, json: Json): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(json));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** JSON, or (for a look by hand with curl) a query. */
function paramsOf(request: IncomingMessage, url: URL, body: string): Json | undefined {
  if (request.method === "GET" || body === "") return Object.fromEntries(url.searchParams);
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}
