/** The survivors' page without a script: forms, and never an answer without numbers to call. */

import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import type { Refusal } from "../app/services.ts";
import type { Lang } from "../core/message.ts";
import type { Effort } from "./effort.ts";
import { ICON, LANGUAGE_KEY, pageHtml, pagePolicy } from "./page-html.ts";
import {
  endSession,
  langOf,
  langOfTalk,
  liveSession,
  MAX_CHALLENGE,
  MAX_TEXT,
  newToken,
  type PageLimits,
  type Session,
  tokenOf,
  writeKey,
} from "./page-session.ts";
import type { PageTextKey } from "./page-texts.ts";
import { statusOf } from "./problem-status.ts";
import type { ApiApp, Wing } from "./route.ts";
import { dropCookie, formProof, isSameOrigin, leftMark } from "./security.ts";

/** Without a script the page waits this long for the reply, so that it is there when the page comes. */
const PLAIN_WAIT_MS = 2_500;

export function formRoutes(app: ApiApp, wing: Wing, limits: PageLimits): void {
  const { page } = wing.services;

  app.get("/", async (c) => {
    const lang = langOf(c.req.query("lang") ?? c.req.header("accept-language"));
    const session = await liveSession(c, wing);
    if (!session && tokenOf(c, wing)) dropCookie(c, "s", wing.publicUrl);
    return showPage(c, wing, { lang, session });
  });

  app.get("/icon.svg", (c) =>
    c.body(ICON, 200, { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" }),
  );

  app.post("/start", async (c) => {
    const form = await readForm(c, wing);
    if (!form) return showNotice(c, wing, langOf(c.req.header("accept-language")), "page_trouble", 403);
    const token = await ownToken(c, wing, limits, form);
    if (typeof token !== "string") return askToWait(c, wing, form, token);
    if ((await limits.write(token)) > 0) return showNotice(c, wing, form.lang, "page_too_many", 429);
    const result = await page.arrive(token, form.lang);
    if (!result.ok) return showRefusal(c, wing, form.lang, result);
    return backToPage(c, wing, token, form.lang, 0);
  });

  app.post("/say", async (c) => {
    const form = await readForm(c, wing);
    if (!form) return showNotice(c, wing, langOf(c.req.header("accept-language")), "page_trouble", 403);
    const token = await ownToken(c, wing, limits, form);
    if (typeof token !== "string") return askToWait(c, wing, form, token);
    if ((await limits.write(token)) > 0) {
      return showNotice(c, wing, form.lang, "page_too_many", 429);
    }
    if ((form.text?.length ?? 0) > MAX_TEXT) return showNotice(c, wing, form.lang, "page_too_long", 413);
    const before = await page.read(token, 0);
    const result = await page.write(token, {
      key: form.key,
      lang: form.lang,
      ...(form.choice ? { choice: form.choice } : { text: form.text ?? "" }),
    });
    if (!result.ok) return showRefusal(c, wing, form.lang, result);
    return backToPage(c, wing, token, form.lang, before.ok ? (before.lines.at(-1)?.n ?? 0) : 0);
  });

  // What is new, with what she has half written still in the box.
  app.post("/look", async (c) => {
    const lang = langOf(c.req.header("accept-language"));
    const session = await liveSession(c, wing);
    // A browser that goes back sends the form again: after an exit, a gap or a lock her words are not for who looks now.
    const dropsWords = !session || session.isLocked || session.lines.length === 0;
    return showPage(c, wing, { lang, session, dropsWords });
  });

  app.post("/leave", async (c) => {
    // Whatever the form proves: a way out that leaves the talk open would be worse than one that somebody else pressed.
    if (!isFromElsewhere(c, wing)) await endSession(c, wing);
    return c.redirect(page.front().exitUrl, 303);
  });
}

/** Does the browser say that the form stood on another site? */
function isFromElsewhere(c: Context, wing: Wing): boolean {
  return c.req.header("sec-fetch-site") !== undefined && !isSameOrigin(c, wing.publicUrl);
}

interface Form {
  readonly lang: Lang;
  readonly key: string;
  readonly text?: string;
  readonly choice?: string;
  /** The challenge that a page without script was given, to be waited out. */
  readonly effort?: string;
}

/** The form, or null when it was not sent from our own page. */
async function readForm(c: Context, wing: Wing): Promise<Form | null> {
  const fields = await c.req.parseBody();
  const field = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const token = tokenOf(c, wing);
  // Our no-referrer policy makes the browser hide the origin of a form, so a session's form carries a proof. A
  // browser that tells us where the form stood is believed: a page may be older than the session.
  if (isFromElsewhere(c, wing)) return null;
  const isTold = c.req.header("sec-fetch-site") !== undefined;
  if (token && !isTold && field("proof") !== formProof(token)) return null;
  const key = writeKey.safeParse(field("key"));
  const text = field("text");
  const choice = field("choice");
  const effort = field("effort");
  return {
    lang: langOf(field("lang")),
    key: key.success ? key.data : randomUUID(),
    ...(text !== undefined ? { text } : {}),
    ...(choice !== undefined ? { choice: choice.slice(0, 200) } : {}),
    ...(effort !== undefined ? { effort: effort.slice(0, MAX_CHALLENGE) } : {}),
  };
}

/** Back to the page with GET, so that a reload sends nothing again; a short wait lets the reply be there already. */
async function backToPage(
  c: Context,
  wing: Wing,
  token: string,
  lang: Lang,
  after: number,
): Promise<Response> {
  const { page } = wing.services;
  const until = Date.now() + PLAIN_WAIT_MS;
  while (Date.now() < until) {
    const now = await page.read(token, after);
    if (!now.ok) break;
    if (now.ended) {
      dropCookie(c, "s", wing.publicUrl);
      return c.redirect(page.front().exitUrl, 303);
    }
    if (now.lines.some((line) => line.from !== "you")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return c.redirect(`/?lang=${lang}#newest`, 303);
}

interface Shown {
  readonly lang: Lang;
  readonly session: Session | null;
  readonly notice?: PageTextKey;
  readonly status?: number;
  /** The challenge that is waited out without a script. */
  readonly effort?: string;
  /** What was written is not looked at: it is more than we are willing to read, or not for who asks. */
  readonly dropsWords?: boolean;
}

async function showPage(c: Context, wing: Wing, shown: Shown): Promise<Response> {
  const front = wing.services.page.front();
  const token = c.get("newToken") ?? tokenOf(c, wing);
  // The frame speaks as the talk does: what is round it must not be in a language that she does not read.
  const lang = langOfTalk(shown.session) ?? shown.lang;
  c.header("Content-Security-Policy", pagePolicy(front.exitUrl));
  c.header("Content-Language", lang);
  c.status((shown.status ?? 200) as 200);
  const kept: Kept = shown.dropsWords ? {} : await wordsKept(c, wing);
  return c.html(
    await pageHtml({
      front,
      lang,
      leftMark: leftMark(wing.publicUrl),
      open: (shown.session?.lines.length ?? 0) > 0,
      lines: shown.session?.lines ?? [],
      isLocked: shown.session?.isLocked ?? false,
      // Also while the conversation cannot be read: the next try must not fail for want of it.
      proof: token ? formProof(token) : "",
      key: kept.key ?? randomUUID(),
      text: kept.text ?? "",
      ...(shown.notice ? { notice: shown.notice } : {}),
      ...(shown.effort ? { effort: shown.effort } : {}),
    }),
  );
}

interface Kept {
  readonly text?: string;
  readonly key?: string;
}

/** What she had written, when it could not be taken: it stands in the box again, with its key. */
async function wordsKept(c: Context, wing: Wing): Promise<Kept> {
  if (c.req.method !== "POST" || isFromElsewhere(c, wing)) return {};
  const fields = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  const { text, key } = fields;
  const isHers = typeof key !== "string" || !key.endsWith(LANGUAGE_KEY);
  return {
    ...(typeof text === "string" && isHers ? { text } : {}),
    // Without the letter that tells the two forms apart (page-html.ts).
    ...(typeof key === "string" && key.endsWith("w") ? { key: key.slice(0, -1) } : {}),
  };
}

async function showNotice(
  c: Context,
  wing: Wing,
  lang: Lang,
  notice: PageTextKey,
  status: number,
): Promise<Response> {
  return showPage(c, wing, { lang, session: await liveSession(c, wing), notice, status });
}

/** Without a script: the page as it was, her words in the box, and the challenge in its forms. */
function askToWait(c: Context, wing: Wing, form: Form, { challenge }: Effort): Promise<Response> {
  return showPage(c, wing, {
    lang: form.lang,
    session: null,
    notice: "page_effort_wait",
    status: 429,
    effort: challenge,
  });
}

function showRefusal(c: Context, wing: Wing, lang: Lang, result: Refusal): Promise<Response> {
  wing.log("warn", "web.page_refused", { cause: result.code });
  // Not a session of ours: her next try begins a new one.
  if (result.code === "not_found") dropCookie(c, "s", wing.publicUrl);
  return showNotice(
    c,
    wing,
    lang,
    result.code === "too_many" ? "page_too_many" : "page_trouble",
    statusOf(result.code),
  );
}

/** The last resort: something of ours broke while a person looked at the page. Still a page, still the numbers. */
export function showTrouble(c: Context, wing: Wing, status: 500 | 503 = 500): Promise<Response> {
  const lang = langOf(c.req.header("accept-language"));
  return showPage(c, wing, { lang, session: null, notice: "page_trouble", status });
}

/** A form larger than any words of a person. */
export async function showTooLarge(c: Context, wing: Wing): Promise<Response> {
  const lang = langOf(c.req.header("accept-language"));
  const session = await liveSession(c, wing);
  return showPage(c, wing, { lang, session, notice: "page_too_long", status: 413, dropsWords: true });
}

/** The session of this browser, or a new one, or the effort that is asked first. */
async function ownToken(c: Context, wing: Wing, limits: PageLimits, form: Form): Promise<string | Effort> {
  const made = form.effort ? { challenge: form.effort } : undefined;
  return tokenOf(c, wing) ?? (await newToken(c, wing, limits, made));
}
