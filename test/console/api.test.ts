/** Asking the server over a bad line. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { call } from "../../bot/console/api.ts";

let server: Server;
let answer = "";

beforeEach(async () => {
  server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "99" });
    response.write(answer);
    setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  const real = fetch;
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal("fetch", (path: string, how: RequestInit) => real(`http://127.0.0.1:${port}${path}`, how));
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.close();
});

it.each(["", '{"ok":true'])(
  "takes an answer that breaks off (%s) for a bad line, not for a refusal",
  async (part) => {
    answer = part;
    await expect(call("desk/duty", { on: true })).rejects.toMatchObject({ code: "network" });
  },
);
