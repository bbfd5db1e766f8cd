/** The language of the screen: a switch, `t` for words, and times as people say them. */

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Bilingual, Lang, Level, Problem } from "../web/api-types.ts";
import { CATEGORIES, WORDS, type WordKey } from "./words.ts";

export interface Speech {
  readonly lang: Lang;
  readonly setLang: (lang: Lang) => void;
  readonly t: (key: WordKey) => string;
  /** A key put together from data ("level_" + level); shows `fallback` when there is none. */
  readonly named: (prefix: string, value: string, fallback?: string) => string;
  readonly both: (text: Bilingual) => string;
  /** What is wrong, in words; in English where there is no Vietnamese yet. */
  readonly problem: (problem: Problem) => string;
  readonly category: (id: string) => string;
  /** Who did something: a name as it is, and the service's own hands in words. */
  readonly actor: (name: string) => string;
  /** "4 phút", "2 giờ 5 phút": how long ago, or until. */
  readonly span: (ms: number) => string;
  /** "24 giờ", "30 ngày": a length of time that was set, in whole hours or days. */
  readonly kept: (ms: number) => string;
  readonly clock: (at: number) => string;
  readonly dayAndClock: (at: number) => string;
}

const Context = createContext<Speech | null>(null);

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => (localStorage.getItem("lang") === "en" ? "en" : "vi"));
  useEffect(() => {
    document.documentElement.lang = lang;
    localStorage.setItem("lang", lang);
  }, [lang]);
  const speech = useMemo(() => speak(lang, setLang), [lang]);
  return <Context value={speech}>{children}</Context>;
}

export function useSpeech(): Speech {
  const speech = useContext(Context);
  if (!speech) throw new Error("no words here");
  return speech;
}

export const LEVEL_ORDER: readonly Level[] = ["none", "low", "medium", "high", "emergency"];

function speak(lang: Lang, setLang: (lang: Lang) => void): Speech {
  const at = lang === "vi" ? 0 : 1;
  const locale = lang === "vi" ? "vi-VN" : "en-GB";
  const t = (key: WordKey) => WORDS[key][at];
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(locale, {
    day: "2-digit",
    month: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return {
    lang,
    setLang,
    t,
    named: (prefix, value, fallback) => {
      const key = `${prefix}${value}`;
      return key in WORDS ? t(key as WordKey) : (fallback ?? value.replaceAll(/[_-]/g, " "));
    },
    problem: (p) => (lang === "vi" ? (p.vi ?? p.message) : p.message),
    both: (text) => text[lang] || text.vi,
    category: (id) =>
      CATEGORIES[id]?.[at] ??
      id.replace(/^instrument:/, lang === "vi" ? "bộ câu hỏi " : "questions ").replaceAll(/[_-]/g, " "),
    actor: (name) => {
      const key = `by_${name}`;
      return key in WORDS ? t(key as WordKey) : name;
    },
    span: (ms) => span(ms, lang),
    kept: (ms) => {
      const hours = ms / 3_600_000;
      const [n, unit] = hours > 48 ? [hours / 24, ["ngày", "days"][at]] : [hours, ["giờ", "hours"][at]];
      return `${n.toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}`;
    },
    clock: (time) => clock.format(time),
    dayAndClock: (time) => day.format(time),
  };
}

function span(ms: number, lang: Lang): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const vi = lang === "vi";
  if (d > 0) return vi ? `${d} ngày ${h} giờ` : `${d} d ${h} h`;
  if (h > 0) return vi ? `${h} giờ ${m} phút` : `${h} h ${m} min`;
  return m === 0 ? (vi ? "dưới 1 phút" : "under 1 min") : vi ? `${m} phút` : `${m} min`;
}
