/** Below a conversation: whose it is, the way to take it, and the box for the reply. */

import type { KeyboardEvent } from "react";
import type { CaseCard, CaseFile } from "../web/api-types.ts";
import { Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";
import { useDraft } from "./unsent.ts";

/** The longest reply that the server takes. */
const MAX_REPLY = 4_000;

export interface TakeOverProps {
  readonly card: CaseCard | null;
  readonly onTakeOver: () => void;
}

/** Whose case it is, and the way to take it over where that may be done. */
export function TakeOver({ card, onTakeOver }: TakeOverProps) {
  const { t } = useSpeech();
  if (!card?.canTakeOver) return null;
  return (
    <>
      {card.isLeftAlone && (
        <span>
          <b>{card.claimedBy?.alias}</b> {t(card.isUnanswered ? "has_not_answered" : "is_off_duty")}
        </span>
      )}{" "}
      <button type="button" className="main" onClick={onTakeOver}>
        {t("take_over")}
      </button>
    </>
  );
}

interface FootProps {
  readonly card: CaseFile;
  readonly onClaim: () => void;
  readonly claimError: unknown;
  readonly onTakeOver: () => void;
  readonly onSend: (text: string) => void;
}

export function Foot({ card, onClaim, claimError, onTakeOver, onSend }: FootProps) {
  const { t } = useSpeech();
  if (card.state === "closed") return <footer className="foot">{t("case_closed")}</footer>;
  if (card.state === "waiting") {
    return (
      <footer className="foot claim">
        <Refusal error={claimError} />
        <span>{t("claim_to_reply")}</span>
        <button type="button" className="main" onClick={onClaim} aria-keyshortcuts="c">
          {t("claim")} <kbd>c</kbd>
        </button>
      </footer>
    );
  }
  if (!card.mine) {
    return (
      <footer className="foot">
        <Refusal error={claimError} />
        <b>{card.claimedBy?.alias}</b> {t("already_claimed_by")}.{" "}
        <TakeOver card={card} onTakeOver={onTakeOver} />
      </footer>
    );
  }
  // Elsewhere she can come back to the same chat; a page that was left is gone.
  if (card.personLeft && card.channel === "web") return <footer className="foot">{t("person_gone")}</footer>;
  return <Composer id={card.id} onSend={onSend} />;
}

/** On a phone Enter is the only way to a new line, and half a sentence must not go to her. */
function hasKeyboard(): boolean {
  return matchMedia("(pointer: fine)").matches;
}

function Composer({ id, onSend }: { id: string; onSend: (text: string) => void }) {
  const { t } = useSpeech();
  const [text, change] = useDraft("reply", id);
  const length = text.normalize("NFC").trim().length;
  const send = () => {
    if (length === 0 || length > MAX_REPLY) return;
    onSend(text);
    change("");
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || !hasKeyboard()) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="foot composer"
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      <label htmlFor="reply" className="unseen">
        {t("reply_label")}
      </label>
      <textarea
        id="reply"
        rows={2}
        placeholder={t("reply_placeholder")}
        aria-describedby="reply-hint"
        value={text}
        onChange={(e) => change(e.target.value)}
        onKeyDown={onKey}
      />
      <button type="submit" className="main" disabled={length > MAX_REPLY}>
        {t("send")}
      </button>
      <p className={length > MAX_REPLY ? "bad" : "hint"} id="reply-hint" aria-live="polite">
        {length > MAX_REPLY ? `${length} ${t("reply_too_long")}` : hasKeyboard() && t("enter_hint")}
      </p>
    </form>
  );
}
