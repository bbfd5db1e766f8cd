/** Keyboard shortcuts: single keys, never while somebody writes. */

import { useEffect, useRef } from "react";

/** Calls the handler of the pressed key, named in lower case. Letters are quiet in boxes, dialogs, and with Ctrl, Alt or Meta. */
export function useKeys(handlers: Readonly<Record<string, () => void>>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented)
        return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest("input, textarea, select, [contenteditable], dialog")) {
        if (event.key === "Escape" && !target.closest("dialog, .cm-editor")) target.blur();
        return;
      }
      // Enter belongs to the control that has the focus, and the arrows to a box that they scroll.
      if (event.key === "Enter" && target?.closest("a, button, summary")) return;
      if (event.key.startsWith("Arrow") && target?.closest('[tabindex="0"]')) return;
      const handler = latest.current[event.key.toLowerCase()];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
