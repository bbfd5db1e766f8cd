/** A comparison on screen: signs as well as colours. */

import { type DiffLine, diffLines, markWords, nearChanges } from "./diff.ts";
import { useSpeech } from "./speech.tsx";

const AROUND = 3;

export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const { t } = useSpeech();
  const lines = nearChanges(markWords(diffLines(before, after)), AROUND);
  if (lines.every((line) => line === null || line.kind === "same"))
    return <p className="hint">{t("no_difference")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="diff" aria-label={label} tabIndex={0}>
      {lines.map((line, i) => {
        // Lines of a comparison have no name but their place.
        const key = `${i}`;
        if (line === null)
          return (
            <p className="gap" key={key}>
              ⋯
            </p>
          );
        const sign = { same: " ", removed: "−", added: "+" }[line.kind];
        return (
          <p className={line.kind} key={key}>
            {line.kind !== "same" && <span className="unseen">{t(line.kind)}: </span>}
            <span aria-hidden="true">{sign} </span>
            <Words line={line} />
          </p>
        );
      })}
    </section>
  );
}

function Words({ line }: { line: DiffLine }) {
  if (!line.parts) return line.text;
  return line.parts.map(({ text, isChanged }, i) => {
    const key = `${i}`;
    return isChanged ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>;
  });
}
