/** A line between browser and server that can fall silent without being closed, as a bad network does. */

import { connect, createServer, type Socket } from "node:net";

export async function holdableLine(port: number | string) {
  let isHeld = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => void (isHeld || to.write(bytes)));
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        if (!isHeld) to.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the line did not open");
  return {
    port: address.port,
    /** From now on nothing goes through, and nobody is told. */
    hold: (on: boolean) => {
      isHeld = on;
    },
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
