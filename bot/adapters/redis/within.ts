/** Waiting for Redis, and for no longer than there is time. */

/** null: nothing came of it in this time; what comes later, a refusal too, is nobody's any more. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
