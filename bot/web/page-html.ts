/** The survivors' page as HTML: whole and usable before any script runs, and one request for everything. */

import { readFileSync } from "node:fs";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { PageFront, PageLine } from "../app/services.ts";
import { type Bilingual, type Choice, LANGS, type Lang } from "../core/message.ts";
import { MAX_TEXT } from "./page-session.ts";
import { PAGE_TEXT_KEYS, type PageTextKey, pageText } from "./page-texts.ts";
import { inlineHash, policy } from "./security.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = readFileSync(new URL("./page/page.css", import.meta.url), "utf8");
const SCRIPT = readFileSync(new URL("./page/page.js", import.meta.url), "utf8");
/** A leaf: says nothing about what the page is for. */
export const ICON = readFileSync(new URL("./page/icon.svg", import.meta.url), "utf8");

/** As each calls itself; written in a talk they are the command that changes it (`words.yaml`). */
const LANGUAGE_NAMES: Readonly<Record<Lang, string>> = { vi: "Tiếng Việt", en: "English" };

const SCRIPT_HASH = inlineHash(SCRIPT);
const STYLE_HASH = inlineHash(STYLE);

/** Only this page's own style and script, named by their hashes. Its forms may end where quick exit leads. */
export function pagePolicy(exitUrl: string): string {
  return policy({
    script: SCRIPT_HASH,
    style: STYLE_HASH,
    img: "'self'",
    connect: "'self'",
    noMarkup: true,
    // A form's redirect counts as its action: without this, quick exit without a script would stop half way.
    ...(URL.canParse(exitUrl) ? { form: new URL(exitUrl).origin } : {}),
  });
}

export interface PageView {
  readonly front: PageFront;
  /** The cookie that the script sets when she leaves. */
  readonly leftMark: string;
  readonly lang: Lang;
  /** Is there a conversation to be seen? A session without a line begins at the front, where its beginning can be tried again. */
  readonly open: boolean;
  readonly lines: readonly PageLine[];
  /** More lines come when it is known to be her. */
  readonly isLocked: boolean;
  /** Proof for plain forms, bound to the session; empty without one. */
  readonly proof: string;
  /** For the plain form: the same form sent twice is taken once. */
  readonly key: string;
  /** What stands in the box already. */
  readonly text: string;
  readonly notice?: PageTextKey;
  /** A challenge that a page without script waits out. */
  readonly effort?: string;
}

/** Ends the key of the form that changes the language: its words are not hers. */
export const LANGUAGE_KEY = "l";

/** The whole page. `data-t` names the text of an element, so that the script can change the language in the middle of a talk. */
export function pageHtml(view: PageView): Html {
  const { front, lang } = view;
  const t = (key: PageTextKey) => pageText(front, key, lang);
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noarchive">
<title>${t("page_title")}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${raw(STYLE)}</style>
</head>
<body class="${view.open ? "talking" : "front"}">
<header>
<p class="name" data-t="title">${t("page_title")}</p>
<nav aria-label="${t("page_language")}" data-label="language">${view.open ? languageForm(view) : LANGS.map((l) => languageLink(l, lang))}</nav>
<form method="post" action="/leave" class="exit">${proofField(view)}<button id="exit" aria-describedby="exit-hint" data-t="exit">${t("page_exit")}</button></form>
</header>
<main>
<div id="notice" role="status">${view.notice ? html`<p class="notice">${t(view.notice)}</p>` : ""}</div>
${view.open ? "" : frontPart(view, t)}
<section id="talk"${view.open ? "" : raw(" hidden")}>
<h1 class="unseen" data-t="conversation">${t("page_conversation")}</h1>
<div role="log" aria-label="${t("page_conversation")}" data-label="conversation"><ol id="lines">${view.lines.map((line, i) => lineItem(line, i === view.lines.length - 1, t))}</ol></div>
${choiceForm(view, t)}
<noscript>${view.open ? html`<p class="refresh"><button form="write" formaction="/look#newest" formnovalidate>${t("page_refresh")}</button></p>` : ""}</noscript>
</section>
${writeForm(view, t)}
${numbersPart(view, t)}
<footer><p id="exit-hint" data-t="exit_hint">${t("page_exit_hint")}</p><p data-t="privacy">${t("page_privacy")}</p></footer>
</main>
<script type="application/json" id="facts">${raw(factsJson(view))}</script>
<script>${raw(SCRIPT)}</script>
</body>
</html>`;
}

function languageLink(l: Lang, current: Lang): Html {
  const name = LANGUAGE_NAMES[l];
  return l === current
    ? html`<span aria-current="true" lang="${l}">${name}</span>`
    : html`<a href="/?lang=${l}" hreflang="${l}" lang="${l}">${name}</a>`;
}

/** In a talk the link is a wish that the talk hears: the same words that she could write. */
function languageForm(view: PageView): Html {
  const other = LANGS.find((l) => l !== view.lang) ?? view.lang;
  return html`<form method="post" action="/say">${hiddenFields(view, LANGUAGE_KEY)}<button name="text" value="${LANGUAGE_NAMES[other]}" lang="${other}">${LANGUAGE_NAMES[other]}</button></form>`;
}

function frontPart(view: PageView, t: (key: PageTextKey) => string): Html {
  return html`<section id="welcome">
<h1 data-t="heading">${t("page_heading")}</h1>
<p data-t="intro">${t("page_intro")}</p>
<form method="post" action="/start" id="start-form"><input type="hidden" name="lang" value="${view.lang}">${proofField(view)}${effortField(view)}<button class="start" data-t="start">${t("page_start")}</button></form>
</section>`;
}

function lineItem(line: PageLine, isLast: boolean, t: (key: PageTextKey) => string): Html {
  const who = { you: t("page_you"), bot: t("page_bot"), counsellor: t("page_counsellor") }[line.from];
  const links = line.choices.filter((c) => c.kind !== "answer");
  return html`<li class="line ${line.from}" data-n="${line.n}"${isLast ? raw(' id="newest"') : ""}><p class="who" data-t="${line.from}">${who}</p><div class="text">${wordsOf(line)}</div>${
    links.length > 0 ? html`<p class="links">${links.map((c) => linkOf(c, t))}</p>` : ""
  }</li>`;
}

/** A number to call as people write it: 113, 1900 969 680, 0912.345.678, +84 24 3728 0936. */
const NUMBER =
  "(\\+84[ .-]?\\d{2,3}(?:[ .-]?\\d{3,4}){2}|\\b0\\d{2,3}(?:[ .-]?\\d{3,4}){2}|\\b1[89]00(?:[ .-]?\\d{2,4}){1,2}|\\b11[1-5]\\b(?![.,]\\d))";

/** What was said; a number that a counsellor writes can be tapped. Ours stand beside as choices. */
function wordsOf({ from, text }: PageLine): Html | string | (Html | string)[] {
  if (from !== "counsellor") return text;
  return text
    .split(new RegExp(NUMBER))
    .map((part, i) => (i % 2 ? html`<a href="tel:${part.replace(/[^0-9+]/g, "")}">${part}</a>` : part));
}

function linkOf(choice: Choice, t: (key: PageTextKey) => string): Html {
  if (choice.kind === "call") {
    const digits = choice.value.replace(/[^0-9+]/g, "");
    const label = choice.label.includes(choice.value) ? choice.label : `${choice.label} · ${choice.value}`;
    return html`<a class="call" href="tel:${digits}" title="${t("page_call")} ${choice.value}">${label}</a>`;
  }
  // Only real web addresses become links; a script address would be text.
  return /^https?:\/\//.test(choice.value)
    ? html`<a class="out" href="${choice.value}" target="_blank" rel="noopener noreferrer">${choice.label}</a>`
    : html`<span>${choice.label}</span>`;
}

/** The answers to tap: those of the last message, so that an old question is never answered by a slip. */
function choiceForm(view: PageView, t: (key: PageTextKey) => string): Html {
  const last = view.lines.findLast((line) => line.from !== "you");
  const isNewest = last !== undefined && view.lines.at(-1) === last;
  const answers = isNewest ? last.choices.filter((c) => c.kind === "answer") : [];
  return html`<form method="post" action="/say" id="choices" aria-label="${t("page_choices")}" data-label="choices"${answers.length > 0 ? "" : raw(" hidden")}>${hiddenFields(view, "c")}${answers.map(
    (c) => html`<button name="choice" value="${c.value}" class="${c.style ?? "plain"}">${c.label}</button>`,
  )}</form>`;
}

function writeForm(view: PageView, t: (key: PageTextKey) => string): Html {
  return html`<form method="post" action="/say" id="write">${hiddenFields(view, "w")}
<label for="text" data-t="write_label">${t("page_write_label")}</label>
<div class="row"><textarea id="text" name="text" rows="2" autocomplete="off" spellcheck="false" writingsuggestions="false" required>${view.text}</textarea><button id="send" data-t="send">${t("page_send")}</button></div></form>`;
}

/** Words that the script can change into the other language. */
function inBoth(tag: "span" | "p", lang: Lang, words: Bilingual): Html {
  return html`<${raw(tag)} data-vi="${words.vi}" data-en="${words.en}">${words[lang]}</${raw(tag)}>`;
}

/** "113 – Police" stands beside its number as "Police": nobody has to read or hear the number twice. */
function nameBeside(number: string, name: string): string {
  return name.startsWith(`${number} – `) ? name.slice(number.length + 3) : name;
}

function numbersPart(view: PageView, t: (key: PageTextKey) => string): Html {
  const { numbers } = view.front;
  const items = numbers.map(
    (n) =>
      html`<li><a class="call" href="tel:${n.number.replace(/[^0-9+]/g, "")}"><b>${n.number}</b>${inBoth("span", view.lang, { vi: nameBeside(n.number, n.name.vi), en: nameBeside(n.number, n.name.en) })}</a>${inBoth("p", view.lang, n.note)}</li>`,
  );
  const body = html`<p data-t="numbers_intro">${t("page_numbers_intro")}</p><ul>${items}</ul>`;
  return html`<details id="numbers"${view.open && !view.notice ? "" : raw(" open")}><summary><h2 data-t="numbers">${t("page_numbers")}</h2></summary>${body}</details>`;
}

function hiddenFields(view: PageView, kind: string): Html {
  return html`<input type="hidden" name="lang" value="${view.lang}"><input type="hidden" name="key" value="${view.key}${kind}">${proofField(view)}${effortField(view)}`;
}

function proofField(view: PageView): Html {
  return view.proof ? html`<input type="hidden" name="proof" value="${view.proof}">` : html``;
}

function effortField(view: PageView): Html {
  return view.effort ? html`<input type="hidden" name="effort" value="${view.effort}">` : html``;
}

/** What the script needs; `<` is escaped so that no text can end the element. */
function factsJson(view: PageView): string {
  const textsIn = (lang: Lang) =>
    Object.fromEntries(
      PAGE_TEXT_KEYS.map((key) => [key.replace("page_", ""), pageText(view.front, key, lang)]),
    );
  const facts = {
    lang: view.lang,
    open: view.open,
    exitUrl: view.front.exitUrl,
    leftMark: view.leftMark,
    maxText: MAX_TEXT,
    number: NUMBER,
    gapMs: view.front.gapMs,
    isLocked: view.isLocked,
    after: view.lines.at(-1)?.n ?? 0,
    choices: view.lines.at(-1)?.choices ?? [],
    texts: { vi: textsIn("vi"), en: textsIn("en") },
    names: LANGUAGE_NAMES,
  };
  return JSON.stringify(facts).replaceAll("<", "\\u003c");
}
