/** A text once somebody has stopped typing for a moment. */

import { useEffect, useState } from "react";

/** How long after the last letter it is looked at again. */
const AFTER_MS = 500;

export function useSettled(source: string): string {
  const [settled, set] = useState(source);
  useEffect(() => {
    const timer = setTimeout(() => set(source), AFTER_MS);
    return () => clearTimeout(timer);
  }, [source]);
  return settled;
}
