/** Standard output for verbs that write many lines: it waits for a slow reader, and ends with one who has had enough. */

import type { Writable } from "node:stream";

export interface Outlet {
  /** False when nobody reads any more (`| head`): then there is no use in going on. */
  write(text: string): Promise<boolean>;
}

/** Who closes the pipe has had enough; that is no fault. Anything else that goes wrong with a stream is one. */
export function isClosedPipe(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
}

export function outlet(stream: Writable): Outlet {
  let isRead = true;
  let wake = () => {};
  stream.on("error", (error) => {
    if (!isClosedPipe(error)) throw error;
    isRead = false;
    wake();
  });
  stream.on("drain", () => wake());
  return {
    async write(text) {
      if (isRead && !stream.write(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (!isRead) resolve();
        });
      }
      return isRead;
    },
  };
}
