import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createPlain } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exchange, post } from "../../bot/adapters/wire.ts";

/** What a failed call says decides whether a message is sent a second time, so each way of failing has its test. */
describe("one request over the wire", () => {
  let server: Server;
  let url: string;
  let connections: number;
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    connections = 0;
    answer = (response) => response.end('{"ok":true}');
    server = createServer((request, response) => {
      request.resume();
      request.on("end", () => answer(response));
    });
    server.on("connection", () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (more: Partial<Parameters<typeof post>[0]> = {}) =>
    post({ url, headers: { "content-type": "text/plain" }, body: "xin chào", timeoutMs: 2_000, ...more });

  it("reads the answer, its status and its headers, and uses the connection again", async () => {
    answer = (response) => response.writeHead(418, { "x-left": "3" }).end('{"ok":false}');
    expect(await ask()).toMatchObject({ ok: true, status: 418, json: { ok: false } });
    expect((await ask()) as object).toHaveProperty("headers.x-left", "3");
    expect(connections).toBe(1);
  });

  it("says unreached where nothing can have arrived", async () => {
    for (const nowhere of [
      "http://127.0.0.1:1/",
      "http://no-such-host.invalid/",
      url.replace("http", "https"),
    ])
      expect(await ask({ url: nowhere })).toEqual({ ok: false, failure: "unreached" });
  });

  it("says unreached when the other side takes the connection but never shows its certificate", async () => {
    const silent = createPlain(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const port = (silent.address() as AddressInfo).port;
    expect(await ask({ url: `https://127.0.0.1:${port}/`, timeoutMs: 100 })).toEqual({
      ok: false,
      failure: "unreached",
    });
    silent.close();
  });

  it("says cut where it may have arrived: before the answer, in the middle of it, or with a redirect", async () => {
    for (const how of [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("a", () => response.destroy());
      },
      (response: ServerResponse) => response.writeHead(302, { location: "/elsewhere" }).end(),
    ]) {
      answer = how;
      expect(await ask()).toEqual({ ok: false, failure: "cut" });
    }
  });

  it("says timeout when the answer does not come or does not end, and stopped when it was given up", async () => {
    answer = () => undefined;
    expect(await ask({ timeoutMs: 50 })).toEqual({ ok: false, failure: "timeout" });
    answer = (response) => response.write("{");
    expect(await ask({ timeoutMs: 50 })).toEqual({ ok: false, failure: "timeout" });
    const stop = new AbortController();
    const going = exchange({ url, headers: {}, body: "", signal: stop.signal });
    setTimeout(() => stop.abort(), 30);
    expect(await going).toEqual({ ok: false, failure: "stopped" });
    expect(await exchange({ url, headers: {}, body: "", signal: stop.signal })).toEqual({
      ok: false,
      failure: "stopped",
    });
  });
});
