/** The whole face of the shell in memory, behaving honestly: what the web wing's tests are driven with. */

import { openMemoryLimits } from "../../bot/adapters/memory/limits.ts";
import type { Services } from "../../bot/app/services.ts";
import type { Fact } from "../../bot/ports/log.ts";
import { makeServer } from "../../bot/web/server.ts";
import { fakeAccounts } from "./fake-accounts.ts";
import { fakeBus } from "./fake-bus.ts";
import { fakeDesk } from "./fake-desk.ts";
import { fakeEditorial } from "./fake-editorial.ts";
import { fakePage } from "./fake-page.ts";
import { fakePrivacy } from "./fake-privacy.ts";

export interface FakeOptions {
  readonly exitUrl?: string;
  readonly publicUrl?: string;
  readonly consoleDir?: string;
}

/** A server over fakes, with the handles that tests pull. */
export function fakeHouse(options: FakeOptions = {}) {
  const bus = fakeBus();
  const page = fakePage(bus, options.exitUrl ?? "https://www.example.org/");
  const desk = fakeDesk(bus);
  const accounts = fakeAccounts();
  const editorial = fakeEditorial();
  const hooked: { channel: string; bytes: number }[] = [];
  const logged: { level: string; code: string; facts: Readonly<Record<string, Fact>> }[] = [];
  let ready = true;
  let passed = 0;
  const services: Services = {
    page: page.service,
    desk: desk.desk,
    accounts: accounts.accounts,
    editorial: editorial.editorial,
    privacy: fakePrivacy().privacy,
    limits: openMemoryLimits({ now: () => Date.now() + passed }),
    subscribe: bus.subscribe,
    hooks: {
      take: async (channel, request) => {
        if (request.headers["x-test-secret"] !== "right") return 401;
        hooked.push({ channel, bytes: request.body.byteLength });
        return 200;
      },
    },
    health: {
      report: async () => ({
        ok: true,
        ready,
        version: "0.0.0",
        parts: [{ name: "store", ok: ready, detail: ready ? "sqlite, 1 ms" : "locked" }],
        warnings: ["12 articles wait for their professional review"],
        notices: [
          {
            en: "12 articles wait for their professional review",
            vi: "12 bài viết chờ người chuyên môn đọc lại",
          },
        ],
      }),
      metrics: async () => "# TYPE ben_an_turns counter\nben_an_turns 3\n",
    },
  };
  const app = makeServer({
    services,
    log: (level, code, facts = {}) => logged.push({ level, code, facts }),
    publicUrl: options.publicUrl ?? "http://localhost",
    consoleDir: options.consoleDir ?? "does-not-exist",
    now: () => Date.now() + passed,
  });
  return {
    app,
    services,
    bus,
    page,
    desk,
    accounts,
    editorial,
    hooked,
    logged,
    /** Moves the web wing's clock. */
    pass: (ms: number) => {
      passed += ms;
    },
    setReady: (on: boolean) => {
      ready = on;
    },
  };
}
