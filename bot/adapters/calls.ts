/** Who of this process serves which work, and who of them is free. */

import type { Work } from "../ports/bus.ts";

interface Server {
  readonly take: () => Promise<void>;
  isBusy: boolean;
}

interface Desk {
  readonly servers: Set<Server>;
  isCalled: boolean;
  readonly waiting: (() => void)[];
}

export class Calls {
  readonly #desks = new Map<Work, Desk>();

  /** Calls one who is free, later, so that the caller is never slowed; if none is, the first that is. */
  call(work: Work): void {
    const desk = this.#desk(work);
    desk.isCalled = true;
    queueMicrotask(() => this.#give(desk));
  }

  /** Returns the function that stops; what was taken goes on. */
  serve(work: Work, take: () => Promise<void>): () => void {
    const desk = this.#desk(work);
    const server: Server = { take, isBusy: false };
    desk.servers.add(server);
    queueMicrotask(() => this.#give(desk));
    return () => {
      desk.servers.delete(server);
      this.#give(desk);
    };
  }

  /** Does anybody here? */
  isServed(work: Work): boolean {
    return this.#desk(work).servers.size > 0;
  }

  /** Resolves as soon as somebody is free for a further call, or nobody serves any more. */
  free(work: Work): Promise<void> {
    const desk = this.#desk(work);
    return new Promise((resolve) => {
      desk.waiting.push(resolve);
      queueMicrotask(() => this.#give(desk));
    });
  }

  clear(): void {
    this.#desks.clear();
  }

  #give(desk: Desk): void {
    const tellFree = () => {
      for (const resolve of desk.waiting.splice(0)) resolve();
    };
    if (desk.servers.size === 0) return tellFree();
    for (const server of desk.servers) {
      if (server.isBusy) continue;
      if (!desk.isCalled) return tellFree();
      desk.isCalled = false;
      server.isBusy = true;
      void server.take().finally(() => {
        server.isBusy = false;
        this.#give(desk);
      });
    }
  }

  #desk(work: Work): Desk {
    const known = this.#desks.get(work);
    if (known) return known;
    const desk: Desk = { servers: new Set(), isCalled: false, waiting: [] };
    this.#desks.set(work, desk);
    return desk;
  }
}
