/** Beginning something new: its name, and what people asked; the first draft comes from a template. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "./api.ts";
import { useOneAtATime } from "./one-at-a-time.ts";
import { Dialog, Refusal } from "./parts.tsx";
import { goTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";

interface NewItemProps {
  readonly kind: "article" | "service";
  readonly questions?: readonly string[];
  readonly onClose: () => void;
}

export function NewItemDialog({ kind, questions = [], onClose }: NewItemProps) {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const [key, setKey] = useState(() => nameFrom(questions[0] ?? ""));
  const making = useMutation({
    mutationFn: (name: string) => call("content/create", { kind, key: name, questions }),
    onSuccess: (_, name) => {
      void queries.invalidateQueries({ queryKey: ["items", kind] });
      queries.removeQueries({ queryKey: ["item", kind, name] });
      onClose();
      goTo("content", kind, name);
    },
  });
  const press = useOneAtATime(making.mutateAsync);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = asName(key);
    setKey(name);
    if (name) press(name);
  };
  return (
    <Dialog title={t(kind === "article" ? "new_article" : "new_service")} onClose={onClose}>
      <form onSubmit={submit}>
        {questions.length > 0 && (
          <>
            <p>{t("new_questions")}</p>
            <ul className="asked">
              {questions.map((q) => (
                <li key={q} className="words">
                  {q}
                </li>
              ))}
            </ul>
          </>
        )}
        <div className="field">
          <label htmlFor="new-key">{t("new_key")}</label>
          <input
            id="new-key"
            value={key}
            onChange={(e) => setKey(e.target.value)}
            // Not while she types: it would break the composing of Vietnamese letters.
            onBlur={() => setKey(asName(key))}
            pattern=".*\p{L}.*"
            maxLength={60}
            required
            autoComplete="off"
            aria-describedby="new-key-hint"
          />
          <p className="hint" id="new-key-hint">
            {t("new_key_hint")}
          </p>
        </div>
        <Refusal error={making.error} />
        <div className="buttons">
          <button type="button" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" className="main" disabled={making.isPending}>
            {t("new_begin")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** "Làm lại giấy tờ ở đâu" → "lam-lai-giay-to-o-dau", cut at a word. */
function nameFrom(question: string): string {
  const words = fold(question).match(/[a-z0-9]+/g) ?? [];
  let name = "";
  for (const word of words) {
    if (name.length + word.length >= 40) break;
    name += `${name ? "-" : ""}${word}`;
  }
  return name.replace(/^[^a-z]+/, "");
}

/** " Trung tâm " → "trung-tam": marks, capitals and spaces need no second try. */
function asName(typed: string): string {
  return unmarked(typed)
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 60);
}

/** Without marks and capitals, so that "loi dau" finds "Lời đầu". */
export function fold(text: string): string {
  return unmarked(text).trim();
}

function unmarked(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d").toLowerCase();
}
