/** Small pieces that every screen uses: dialog, refusal, empty state, level badge, icons. */

import { type ReactNode, useEffect, useRef } from "react";
import type { Level } from "../web/api-types.ts";
import { inWords } from "./api.ts";
import { useSpeech } from "./speech.tsx";

/** A native dialog: focus stays inside, Escape closes, focus returns. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby="dialog-title"
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" className="quiet" aria-label={t("close_dialog")} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** What was refused, in words, read out at once. */
export function Refusal({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const speech = useSpeech();
  if (!error) return null;
  return (
    <div className="refusal" role="alert">
      <Icon name="warn" /> <span>{inWords(error, speech)}</span>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {speech.t("try_again")}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, hint }: { title: string; hint?: string }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 64 40" aria-hidden="true">
        <path d="M4 30c7-5 14-5 21 0s14 5 21 0 10-4 14-2" />
        <path d="M14 22h34l-6 8H20zM30 22V5l14 12H30" />
      </svg>
      <p className="lead">{title}</p>
      {hint && <p>{hint}</p>}
    </div>
  );
}

export function Loading() {
  const { t } = useSpeech();
  return (
    <p className="loading" role="status">
      {t("loading")}
    </p>
  );
}

/** Colour, word and shape together: never colour alone. */
export function LevelBadge({ level }: { level: Level }) {
  const { named } = useSpeech();
  return (
    <span className={`level ${level}`}>
      <Icon name={level} />
      {named("level_", level)}
    </span>
  );
}

const LEVEL_CHANGE = /^(none|low|medium|high|emergency) → (none|low|medium|high|emergency)(?:: ([\s\S]*))?$/;

/** What was written down of a case; a change of level ("high → medium: why", as the server writes it) in the reader's words. */
export function Written({ text }: { text: string }) {
  const [, before, after, reason] = LEVEL_CHANGE.exec(text) ?? [];
  if (!before || !after) return <>{text}</>;
  return (
    <>
      <LevelBadge level={before as Level} /> → <LevelBadge level={after as Level} />
      {reason && <> {reason}</>}
    </>
  );
}

const PATHS: Readonly<Record<string, string>> = {
  emergency: "M8 1l7 13H1zM8 6v4M8 11.6v.8",
  high: "M8 2l6 6h-4v6H6V8H2z",
  medium: "M8 2l6 6-6 6-6-6z",
  low: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
  none: "M3 8h10",
  cross: "M3 3l10 10M13 3L3 13",
  warn: "M8 1l7 13H1zM8 6v4M8 11.6v.8",
  check: "M2 8l4 4 8-8",
  clock: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4l3 2",
  bell: "M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2",
  bell_off: "M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2M2 2l12 12",
  back: "M10 3L5 8l5 5",
};

export function Icon({ name }: { name: string }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name] ?? ""} />
    </svg>
  );
}
