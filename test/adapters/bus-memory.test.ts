/** The bus's contract within one process. */

import { openMemoryBus } from "../../bot/adapters/memory/bus.ts";
import { busContract } from "../contracts/bus.ts";

busContract("memory bus", async () => {
  const bus = openMemoryBus();
  return { bus, again: bus, end: () => bus.close() };
});
