/** The simulator: the text as it is being written, played; nothing is stored, and every change plays again. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ChannelName, Choice, ContentKind, Lang, Level, TalkLine } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { readEffect } from "./case-words.ts";
import { LevelBadge, Refusal } from "./parts.tsx";
import { BubbleView } from "./preview.tsx";
import { useSettled } from "./settled.ts";
import { useSpeech } from "./speech.tsx";

type Said = { readonly text: string } | { readonly choice: string } | { readonly waitMs: number };
interface Played {
  readonly lines: readonly TalkLine[];
  readonly level: Level;
  readonly talk: string;
}

const CHANNELS: readonly ChannelName[] = ["web", "zalo-oa", "zalo-bot", "telegram", "terminal"];
const MINUTE = 60_000;

/** A talk that is tried out: it stays while the editor looks at another panel. */
export function useRehearsal() {
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [channel, setChannel] = useState<ChannelName>("web");
  const [lang, setLang] = useState<Lang>("vi");
  const [text, setText] = useState("");
  return { said, setSaid, channel, setChannel, lang, setLang, text, setText };
}
type Rehearsal = ReturnType<typeof useRehearsal>;

interface SimulatorProps {
  readonly kind: ContentKind;
  readonly itemKey: string;
  readonly source: string;
  readonly rehearsal: Rehearsal;
}

export function Simulator({ kind, itemKey, source, rehearsal }: SimulatorProps) {
  const { t } = useSpeech();
  const { said, setSaid, channel, setChannel, lang, setLang } = rehearsal;
  const settled = useSettled(source);
  const ask = {
    drafts: [{ kind, key: itemKey, source: settled }],
    said,
    channel,
    lang,
    ...(kind === "flow" ? { flow: itemKey } : {}),
  };
  const played = useQuery({
    queryKey: ["simulate", ask],
    queryFn: () => call<Played>("content/simulate", ask),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnReconnect: true,
    gcTime: 0,
  });
  const isBroken = played.error instanceof Refused && played.error.code === "invalid";
  const add = (one: Said) => setSaid([...said, one]);
  return (
    <div className="simulator">
      <div className="sim-top">
        <Picks channel={channel} onChannel={setChannel} lang={lang} onLang={setLang} />
        <button type="button" disabled={said.length === 0} onClick={() => setSaid([])}>
          {t("restart")}
        </button>
      </div>
      {isBroken ? (
        <p className="banner" role="status">
          {t("sim_broken")}
        </p>
      ) : (
        <Refusal error={played.error} onRetry={() => void played.refetch()} />
      )}
      {played.data && <Talk played={played.data} onChoice={(c) => add({ choice: c.value })} />}
      <SayForm text={rehearsal.text} onText={rehearsal.setText} onSay={add} />
    </div>
  );
}

interface PicksProps {
  readonly channel: ChannelName;
  readonly onChannel: (channel: ChannelName) => void;
  readonly lang: Lang;
  readonly onLang: (lang: Lang) => void;
}

function Picks({ channel, onChannel, lang, onLang }: PicksProps) {
  const { t, named } = useSpeech();
  return (
    <>
      <label>
        <span>{t("channel")}</span>
        <select
          value={channel}
          onChange={(e) => onChannel(CHANNELS.find((c) => c === e.target.value) ?? "web")}
        >
          {CHANNELS.map((one) => (
            <option key={one} value={one}>
              {named("channel_", one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t("sim_lang")}</span>
        <select value={lang} onChange={(e) => onLang(e.target.value === "en" ? "en" : "vi")}>
          <option value="vi">{named("lang_", "vi")}</option>
          <option value="en">{named("lang_", "en")}</option>
        </select>
      </label>
    </>
  );
}

function Talk({ played, onChoice }: { played: Played; onChoice: (choice: Choice) => void }) {
  const { t } = useSpeech();
  const [isCopied, setCopied] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const last = played.lines.findLastIndex((l) => l.who === "bot");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line moves to the end
  useEffect(() => {
    setCopied(false);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [played.lines.length]);
  const copy = () => void navigator.clipboard.writeText(played.talk).then(() => setCopied(true));
  return (
    <>
      <div
        className="sim-lines"
        ref={box}
        role="log"
        aria-label={t("simulator")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {played.lines.length === 0 && <p className="hint">{t("sim_empty")}</p>}
        {played.lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a played line has no name but its place
          <SimLine key={`${i} ${line.text}`} line={line} isLast={i === last} onChoice={onChoice} />
        ))}
      </div>
      <div className="sim-foot">
        <LevelBadge level={played.level} />
        <button type="button" onClick={copy}>
          {isCopied ? t("copied") : t("sim_copy")}
        </button>
      </div>
    </>
  );
}

interface SimLineProps {
  readonly line: TalkLine;
  readonly isLast: boolean;
  readonly onChoice: (choice: Choice) => void;
}

function SimLine({ line, isLast, onChoice }: SimLineProps) {
  const { t } = useSpeech();
  if (line.who === "effect") {
    return (
      <p className="effect">
        <span className="unseen">{t("sim_effect")}: </span>
        <EffectView text={line.text} />
      </p>
    );
  }
  return (
    <div className={`line ${line.who === "person" ? "person" : "bot"}`}>
      {line.who === "person" && <div className="text">{line.text}</div>}
      {line.shown.map((bubble, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message have no name but their place
        <BubbleView key={i} bubble={bubble} />
      ))}
      {isLast && line.choices.some((c) => c.kind === "answer") && (
        <p className="given">
          {line.choices
            .filter((c) => c.kind === "answer")
            .map((c) => (
              <button key={c.value} type="button" onClick={() => onChoice(c)}>
                {c.label}
              </button>
            ))}
        </p>
      )}
    </div>
  );
}

/** "case emergency" in the reader's words; what has none stands as talks write it. */
function EffectView({ text }: { text: string }) {
  const { named } = useSpeech();
  const { key, level, more } = readEffect(text);
  const words = named("", key, "");
  if (words === "") return text;
  return (
    <>
      {words}
      {level && (
        <>
          {" "}
          <LevelBadge level={level} />
        </>
      )}
      {more && `: ${named("", more, text.split(" ").slice(1).join(" "))}`}
    </>
  );
}

interface SayFormProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSay: (said: Said) => void;
}

function SayForm({ text, onText, onSay }: SayFormProps) {
  const { t } = useSpeech();
  return (
    <form
      className="sim-say"
      onSubmit={(e) => {
        e.preventDefault();
        if (!text.trim()) return;
        onSay({ text: text.trim() });
        onText("");
      }}
    >
      <label htmlFor="sim-text">{t("sim_say")}</label>
      <div className="sim-row">
        <input id="sim-text" value={text} onChange={(e) => onText(e.target.value)} autoComplete="off" />
        <button type="submit" className="main">
          {t("send")}
        </button>
      </div>
      <div className="sim-row">
        <span className="hint">{t("sim_wait")}:</span>
        <button type="button" onClick={() => onSay({ waitMs: 10 * MINUTE })}>
          10 {t("sim_minutes")}
        </button>
        <button type="button" onClick={() => onSay({ waitMs: 60 * MINUTE })}>
          {t("sim_hour")}
        </button>
        <button type="button" onClick={() => onSay({ waitMs: 24 * 60 * MINUTE })}>
          {t("sim_day")}
        </button>
      </div>
    </form>
  );
}
