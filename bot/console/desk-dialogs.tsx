/** The desk's dialogs: change the level, give back, close, and the list of shortcuts. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Bilingual, CaseCard, Level } from "../web/api-types.ts";
import { call } from "./api.ts";
import { useCase } from "./conversation.tsx";
import { Dialog, Refusal } from "./parts.tsx";
import { LEVEL_ORDER, useSpeech } from "./speech.tsx";
import type { WordKey } from "./words.ts";

export type DeskDialogName = "level" | "release" | "close" | "keys" | "take_over";

export function DeskDialog({
  name,
  id,
  card,
  onTaken,
  onClose,
}: {
  name: DeskDialogName;
  id: string | null;
  /** The case as the queue has it: who takes it over cannot open it yet. */
  card: CaseCard | null;
  onTaken: () => void;
  onClose: () => void;
}) {
  if (name === "keys") return <KeysDialog onClose={onClose} />;
  if (!id) return null;
  if (name === "take_over") return card && <TakeOverDialog card={card} onTaken={onTaken} onClose={onClose} />;
  if (name === "level") return <LevelDialog id={id} onClose={onClose} />;
  if (name === "release") return <ReleaseDialog id={id} onClose={onClose} />;
  return <CloseDialog id={id} onClose={onClose} />;
}

/** Asks the server, closes on yes, shows the refusal on no. */
function useAct(id: string, verb: string, onClose: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => call(`desk/cases/${encodeURIComponent(id)}/${verb}`, body),
    onSuccess: onClose,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ["case", id] });
      void queries.invalidateQueries({ queryKey: ["queue"] });
    },
  });
}

interface ActFormProps {
  readonly title: string;
  readonly button: string;
  readonly act: ReturnType<typeof useAct>;
  readonly onClose: () => void;
  readonly bodyOf: (fields: FormData) => object;
  readonly children: ReactNode;
}

function ActForm({ title, button, act, onClose, bodyOf, children }: ActFormProps) {
  const { t } = useSpeech();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    act.mutate(bodyOf(new FormData(event.currentTarget)));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        <Refusal error={act.error} />
        <div className="buttons">
          <button type="button" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" className="main" disabled={act.isPending}>
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function LevelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, named } = useSpeech();
  const { data: file } = useCase(id);
  const act = useAct(id, "level", onClose);
  const [level, setLevel] = useState<Level | undefined>(file?.level);
  const isLower = file && level ? LEVEL_ORDER.indexOf(level) < LEVEL_ORDER.indexOf(file.level) : false;
  return (
    <ActForm
      title={t("change_level")}
      button={t("set")}
      act={act}
      onClose={onClose}
      bodyOf={(fields) => ({ level, reason: String(fields.get("reason") ?? "").trim() })}
    >
      <fieldset>
        <legend>{t("level")}</legend>
        {LEVEL_ORDER.toReversed().map((one) => (
          <label key={one} className="pick">
            <input
              type="radio"
              name="level"
              value={one}
              checked={one === level}
              onChange={() => setLevel(one)}
            />
            <span className={`level ${one}`}>{named("level_", one)}</span>
          </label>
        ))}
      </fieldset>
      {isLower && <p className="banner">{t("level_lower_warning")}</p>}
      <label htmlFor="level-reason">{t("level_reason")}</label>
      <textarea id="level-reason" name="reason" rows={2} required minLength={3} maxLength={1000} />
    </ActForm>
  );
}

function ReleaseDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useSpeech();
  const act = useAct(id, "release", onClose);
  return (
    <ActForm title={t("release")} button={t("release")} act={act} onClose={onClose} bodyOf={() => ({})}>
      <p>{t("release_confirm")}</p>
    </ActForm>
  );
}

/** The colleague is named to the server: if it is somebody else's by now, nothing is taken. */
function TakeOverDialog({
  card,
  onTaken,
  onClose,
}: {
  card: CaseCard;
  onTaken: () => void;
  onClose: () => void;
}) {
  const { t } = useSpeech();
  // Who had it when she asked: while she reads this it may change hands.
  const [from] = useState(card.claimedBy);
  const act = useAct(card.id, "claim", () => {
    onTaken();
    onClose();
  });
  return (
    <ActForm
      title={t("take_over")}
      button={t("take_over")}
      act={act}
      onClose={onClose}
      bodyOf={() => ({ from: from?.id })}
    >
      <p>
        <b>{from?.alias}</b> {t("take_over_confirm")}
      </p>
    </ActForm>
  );
}

/** How a case can end, asked for only where it is shown. */
export function useOutcomes(isWanted = true) {
  return useQuery({
    queryKey: ["outcomes"],
    queryFn: () => call<{ outcomes: readonly { id: string; label: Bilingual }[] }>("desk/outcomes"),
    enabled: isWanted,
  });
}

function CloseDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, both } = useSpeech();
  const act = useAct(id, "close", onClose);
  const outcomes = useOutcomes();
  return (
    <ActForm
      title={t("close_case")}
      button={t("close_case")}
      act={act}
      onClose={onClose}
      bodyOf={(fields) => ({
        outcome: String(fields.get("outcome")),
        note: String(fields.get("note") ?? ""),
      })}
    >
      <p>{t("close_confirm")}</p>
      <Refusal error={outcomes.error} onRetry={() => void outcomes.refetch()} />
      <fieldset>
        <legend>{t("outcome")}</legend>
        {outcomes.data?.outcomes.map((one) => (
          <label key={one.id} className="pick">
            <input type="radio" name="outcome" value={one.id} required /> {both(one.label)}
          </label>
        ))}
      </fieldset>
      <label htmlFor="close-note">{t("close_note")}</label>
      <textarea id="close-note" name="note" rows={2} maxLength={1000} />
    </ActForm>
  );
}

const KEYS: readonly [key: string, word: WordKey][] = [
  ["j  ↓", "key_next"],
  ["k  ↑", "key_prev"],
  ["Enter", "key_open"],
  ["c", "key_claim"],
  ["r", "key_reply"],
  ["n", "key_note"],
  ["l", "key_level"],
  ["u", "key_release"],
  ["e", "key_close"],
  ["Esc", "key_escape"],
  ["Ctrl S", "key_save"],
  ["?", "key_help"],
];

function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech();
  return (
    <Dialog title={t("shortcuts")} onClose={onClose}>
      <table className="keys">
        <tbody>
          {KEYS.map(([key, word]) => (
            <tr key={key}>
              <th scope="row">
                {key.split("  ").map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </th>
              <td>{t(word)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
