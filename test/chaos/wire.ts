/** A cable between two programs that can be cut or made slow: plain TCP, one listener, one or several ends. */

import { createConnection, createServer, type Socket } from "node:net";

export interface Wire {
  readonly port: number;
  /** Breaks this share (0 to 1) of the open connections, both ways, in the middle of whatever they say. */
  cut(share: number): void;
  /** From now on every piece is this late. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Takes the ends in turn; one that does not take connections is passed over, as a balancer does. */
export function openWire(ends: () => readonly number[], port = 0): Promise<Wire> {
  const open = new Set<Socket>();
  let [turn, lateMs] = [0, 0];
  const server = createServer((near) => {
    const ports = ends();
    turn += 1;
    reach(
      ports.map((_, i) => ports[(turn + i) % ports.length] ?? 0),
      (far) => {
        if (!far) {
          near.destroy();
          return;
        }
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          open.add(from);
          // One piece after the other, however late: only the time may be wrong, never the order.
          let last: Promise<unknown> = Promise.resolve();
          let waiting = 0;
          const pass = (act: () => void) => {
            if (lateMs === 0 && waiting === 0) {
              act();
              return;
            }
            waiting += 1;
            const due = new Promise((on) => setTimeout(on, lateMs));
            last = Promise.all([last, due]).then(() => {
              waiting -= 1;
              act();
            });
          };
          from.on("data", (piece) => {
            pass(() => {
              if (!to.destroyed) to.write(piece);
            });
          });
          from.on("error", () => from.destroy());
          from.on("close", () => {
            open.delete(from);
            pass(() => to.destroySoon());
          });
        }
      },
    );
    near.on("error", () => near.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address ? address.port : port,
        cut(share) {
          for (const socket of [...open]) if (Math.random() < share) socket.destroy();
        },
        slow(ms) {
          lateMs = ms;
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of [...open]) socket.destroy();
          }),
      });
    });
  });
}

function reach(ports: readonly number[], give: (socket: Socket | null) => void): void {
  const [first, ...rest] = ports;
  if (first === undefined) {
    give(null);
    return;
  }
  const socket = createConnection({ port: first, host: "127.0.0.1" });
  socket.once("error", () => reach(rest, give));
  socket.once("connect", () => {
    socket.removeAllListeners("error");
    give(socket);
  });
}
