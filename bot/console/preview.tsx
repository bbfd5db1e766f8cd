/** How each message looks on each channel: bubbles as on a phone, cut by the function that sends them. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Bubble, ChannelName, ContentKind, Lang, Preview } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { Loading, Refusal } from "./parts.tsx";
import { useSettled } from "./settled.ts";
import { useSpeech } from "./speech.tsx";

interface PreviewPanelProps {
  readonly kind: ContentKind;
  readonly itemKey: string;
  readonly source: string;
  /** Then nobody sees it as it is shown here. */
  readonly isWithdrawn: boolean;
}

export function PreviewPanel({ kind, itemKey, source, isWithdrawn }: PreviewPanelProps) {
  const { t, named } = useSpeech();
  const [lang, setLang] = useState<Lang>("vi");
  const [channel, setChannel] = useState<ChannelName>("zalo-oa");
  const [name, setName] = useState("");
  const settled = useSettled(source);
  const ask = { kind, key: itemKey, source: settled, lang };
  const seen = useQuery({
    queryKey: ["preview", ask],
    queryFn: () => call<{ messages: readonly Preview[] }>("content/preview", ask).then((a) => a.messages),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnReconnect: true,
    gcTime: 0,
  });
  if (seen.error instanceof Refused && seen.error.code === "invalid") {
    return (
      <p className="banner" role="status">
        {t("preview_broken")}
      </p>
    );
  }
  if (seen.isPending) return <Loading />;
  const messages = seen.data ?? [];
  const chosen = messages.find((m) => m.name === name) ?? messages[0];
  const shown = chosen?.shown.find((s) => s.channel === channel) ?? chosen?.shown[0];
  return (
    <div className="preview">
      <p className="hint">{t(isWithdrawn ? "preview_withdrawn" : "preview_intro")}</p>
      <Refusal error={seen.error} onRetry={() => void seen.refetch()} />
      {!chosen && !seen.error && <p>{t("preview_none")}</p>}
      {chosen && shown && (
        <>
          <div className="preview-picks">
            <label>
              <span>{t("preview_which")}</span>
              <select value={chosen.name} onChange={(e) => setName(e.target.value)}>
                {messages.map((m) => (
                  <option key={m.name}>{m.name}</option>
                ))}
              </select>
            </label>
            <label>
              <span>{t("channel")}</span>
              <select
                value={shown.channel}
                onChange={(e) =>
                  setChannel(chosen.shown.find((s) => s.channel === e.target.value)?.channel ?? "web")
                }
              >
                {chosen.shown.map((s) => (
                  <option key={s.channel} value={s.channel}>
                    {named("channel_", s.channel)}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span>{t("sim_lang")}</span>
              <select value={lang} onChange={(e) => setLang(e.target.value === "en" ? "en" : "vi")}>
                <option value="vi">{named("lang_", "vi")}</option>
                <option value="en">{named("lang_", "en")}</option>
              </select>
            </label>
          </div>
          <section
            className={`phone ${shown.channel}`}
            aria-label={`${t("preview")}: ${named("channel_", shown.channel)}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
            tabIndex={0}
          >
            {shown.bubbles.map((bubble, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message have no name but their place
              <BubbleView key={i} bubble={bubble} />
            ))}
          </section>
          <p className="hint">
            {shown.bubbles.length} {t("preview_parts")} ·{" "}
            {shown.bubbles.map((b) => `${b.units} ${t("preview_units")} ${b.limit}`).join(" · ")}
          </p>
        </>
      )}
    </div>
  );
}

/** Only shown, never pressed: what stands here goes nowhere. */
export function BubbleView({ bubble }: { bubble: Bubble }) {
  return (
    <div className="bubble-box">
      <div className="bubble">{bubble.text}</div>
      {bubble.buttons.length > 0 && (
        <ul className="bubble-buttons">
          {bubble.buttons.map((b) => (
            <li key={`${b.kind} ${b.label}`} className={`${b.kind} ${b.style ?? ""}`}>
              {b.kind === "call" && <span aria-hidden="true">☎ </span>}
              {b.label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
