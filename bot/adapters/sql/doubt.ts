/** What a refused write tells about the database: until one is taken, a read that succeeds proves nothing. */

import type { Engine } from "./engine.ts";
import { type StoreCode, StoreError } from "./errors.ts";

/** Here reading may go on while nothing can be written. */
const REFUSALS: ReadonlySet<StoreCode> = new Set<StoreCode>([
  "store_full",
  "store_read_only",
  "store_locked",
  "store_missing_rights",
  // A quota that is used up, a disk that fails: SQLite calls neither full.
  "store_unavailable",
]);

/** The same engine; after a refused write, or a deep probe that failed, each probe is a deep one until one succeeds. */
export function doubting(engine: Engine): Engine {
  let isInDoubt = false;
  const noted = <T>(work: Promise<T>): Promise<T> => {
    work.catch((error: unknown) => {
      if (error instanceof StoreError && REFUSALS.has(error.code)) isInDoubt = true;
    });
    return work;
  };
  return {
    dialect: engine.dialect,
    read: (script, isSmall) => engine.read(script, isSmall),
    write: (script, home) => noted(engine.write(script, home)),
    change: (ask) => noted(engine.change(ask)),
    scrub: () => engine.scrub(),
    async probe(deep) {
      const isDeep = deep || isInDoubt;
      const detail = await noted(engine.probe(isDeep));
      // A small change may be taken where a large one is not: only the deep probe, which measures, ends the doubt.
      if (isDeep) isInDoubt = false;
      return detail;
    },
    time: () => engine.time(),
    close: () => engine.close(),
  };
}
