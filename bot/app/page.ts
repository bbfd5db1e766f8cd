/** The survivors' page as the shell sees it: a session is an address of the channel "web". */

import { type Inbound, type Lang, MAX_CHOICE_VALUE } from "../core/message.ts";
import type { State } from "../core/state.ts";
import { splitText } from "../core/text.ts";
import type { Limits } from "../ports/limits.ts";
import type { ConversationHead, TranscriptLine } from "../ports/store.ts";
import { envelope, SPOILT } from "./contexts.ts";
import { takeIn } from "./inbox.ts";
import type { Parts } from "./parts.ts";
import { readerOf } from "./readable.ts";
import { refuse } from "./refusals.ts";
import type { PageLine, PageService } from "./services.ts";

/** The newest of a long talk: nobody scrolls further, and nobody makes us open a day of spam with each look. */
const MAX_LINES = 400;
/** A message longer than this is more than anybody types; the platform limit of the page. */
const MAX_TEXT = 20_000;
/** Of one line the transcript keeps 6,000 characters (core/hearing.ts): longer words become several, and nothing is lost. */
const MAX_LINE = 5_500;
/** 16 random bytes as base64url, and our mark on them: whatever else stands in the cookie is not a session of ours. */
const TOKEN = /^[A-Za-z0-9_-]{32}$/;
const RANDOM_BYTES = 16;
const RANDOM_LETTERS = 22;

/** What is on its way to us as she leaves comes within this time, or never. */
const LEFT_MS = 10 * 60_000;

/** `limits`: where all processes remember which sessions were left a moment ago. */
export function makePage(parts: Parts, limits: Pick<Limits, "count">): PageService {
  const { store, vault, clock, library } = parts;
  const ifReadable = readerOf(parts.log, "page_line_unreadable");

  return {
    open() {
      const random = clock.token(RANDOM_BYTES);
      return random + markOf(random);
    },
    async arrive(token, lang) {
      const session = await known(token);
      if (!session || (await isLeft(token))) return refuse("not_found");
      const { head } = session;
      const lines = head ? await store.conversations.transcriptEnd(head.id, 0, 1) : [];
      // Once where the talk stands: who comes back after a gap arrives anew, and is asked by the gate.
      const key = `arrive:${token}:${lines.at(-1)?.ordinal ?? 0}`;
      await take(token, { key, content: { kind: "arrived" }, langHint: lang });
      return { ok: true };
    },
    async write(token, { key, text, choice, media, lang }) {
      if (!(await known(token)) || (await isLeft(token))) return refuse("not_found");
      if (!/^[\w-]{4,64}$/.test(key))
        return refuse("bad_request", "the message needs a key of 4 to 64 letters or digits");
      if (text !== undefined && text.length > MAX_TEXT)
        return refuse("bad_request", `at most ${MAX_TEXT} characters`);
      const contents: Inbound["content"][] =
        choice !== undefined
          ? [{ kind: "choice", value: choice.slice(0, MAX_CHOICE_VALUE) }]
          : media !== undefined
            ? [{ kind: "media", media: "other", ...(text ? { caption: text } : {}) }]
            : linesOf(text ?? "").map((line) => ({ kind: "text", text: line }));
      await take(
        token,
        ...contents.map((content, i) => ({
          key: `${token}:${key}${i === 0 ? "" : `-${i + 1}`}`,
          content,
          ...(lang ? { langHint: lang } : {}),
        })),
      );
      return { ok: true };
    },
    async read(token, after) {
      const session = await known(token);
      if (!session) return refuse("not_found");
      const { head } = session;
      if (!head) return { ok: true, lines: [], ended: after > 0, topic: null, isLocked: null };
      const box = envelope(vault, head.wrappedKey);
      const stored = await store.conversations.transcriptEnd(head.id, after, MAX_LINES);
      const sealed = stored.length > 0 ? await store.conversations.state(head.id) : null;
      const state = sealed && ifReadable(head, () => box.state.open(head.id, sealed));
      // Nobody knows whether the gate is closed: her next words begin a state anew.
      const isUnknown = sealed !== null && state === null;
      const held = isUnknown ? [] : stored;
      const shown = state ? readable(held, state, clock.now(), gapMs()) : held;
      const lines = shown.map((l): PageLine => {
        const { text, choices = [], lang } = ifReadable(head, () => box.line.open(l.id, l.sealed)) ?? SPOILT;
        const from = l.author === "person" ? "you" : l.author;
        return {
          n: l.ordinal,
          from,
          at: l.at,
          text,
          choices,
          lang: l.author === "bot" ? (lang ?? null) : null,
        };
      });
      const isLocked = isUnknown || (state ? state.lock !== null : null);
      return { ok: true, lines, ended: false, topic: `conversation:${head.id}`, isLocked };
    },
    async leave(token) {
      const [word = "thoát"] = library.base().settings.words.exit;
      const session = await known(token);
      if (session) await limits.count(leftKey(token), LEFT_MS);
      if (session?.head) {
        await take(token, { key: `leave:${token}`, content: { kind: "text", text: word } });
      }
    },
    sign: (text) => vault.tokenHash(`page:${text}`),
    front() {
      const { settings, services } = library.base();
      const texts = Object.fromEntries(
        Object.entries(settings.texts).filter(([key]) => key.startsWith("page_")),
      );
      const numbers = settings.hotlines.flatMap((id) => {
        const service = services.get(id);
        const number = service?.phones[0]?.number;
        return service && number ? [{ number, name: service.name, note: service.hours }] : [];
      });
      return { texts, numbers, exitUrl: settings.exit_url, effort: settings.effort, gapMs: gapMs() };
    },
  };

  function gapMs(): number {
    return library.base().settings.gap_minutes * 60_000;
  }

  /** A mark that only we can put: made-up sessions would pass by the effort that a flood is asked for. */
  function markOf(random: string): string {
    return vault.tokenHash(`page-session:${random}`).slice(0, 32 - RANDOM_LETTERS);
  }

  /**
   * The session, with its conversation once it has one; null: we never gave it, or it was just left. Those of an earlier
   * build have no mark.
   */
  async function known(token: string): Promise<{ head: ConversationHead | null } | null> {
    if (!TOKEN.test(token)) return null;
    const head = await store.conversations.find(vault.pseudonym("web", token));
    const isMarked = token.slice(RANDOM_LETTERS) === markOf(token.slice(0, RANDOM_LETTERS));
    if (head) return { head };
    return isMarked && !(await isLeft(token)) ? { head } : null;
  }

  /** Also while its conversation stands, because the way out was not decided yet. */
  async function isLeft(token: string): Promise<boolean> {
    return (await limits.count(leftKey(token), LEFT_MS, 0)) > 0;
  }

  function leftKey(token: string): string {
    return `page-left:${vault.tokenHash(`page-left:${token}`)}`;
  }

  function take(
    token: string,
    ...messages: (Pick<Inbound, "key" | "content"> & { langHint?: Lang })[]
  ): Promise<void> {
    const at = clock.now();
    return takeIn(
      parts,
      messages.map((message) => ({ channel: "web", address: token, at, ...message })),
    );
  }
}

/** Words as lines that are kept whole; what says nothing is one too. */
function linesOf(text: string): readonly string[] {
  const lines = splitText(text, MAX_LINE);
  return lines.length > 1 ? lines : [text];
}

/**
 * What may be read by whoever looks at the page now. The gate asks only when somebody writes; until then, and while it is
 * locked, what stands above its question is hers alone.
 */
function readable(
  lines: readonly TranscriptLine[],
  { lock, lockedAt, lastPersonAt }: Pick<State, "lock" | "lockedAt" | "lastPersonAt">,
  now: number,
  gapMs: number,
): readonly TranscriptLine[] {
  if (lock !== null) return lines.filter((line) => line.at >= (lockedAt ?? lastPersonAt));
  const isLongGone = lastPersonAt > 0 && now - lastPersonAt > gapMs;
  return isLongGone ? lines.filter((line) => line.at > lastPersonAt + gapMs) : lines;
}
