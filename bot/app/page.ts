/** The survivors' page as the shell sees it: a session is an address of the channel "web". */

import { type Inbound, type Lang, MAX_CHOICE_VALUE } from "../core/message.ts";
import { envelope } from "./contexts.ts";
import { takeIn } from "./inbox.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusals.ts";
import type { PageLine, PageService } from "./services.ts";

const LINES_LIMIT = 200;
/** A message longer than this is more than anybody types; the platform limit of the page. */
const MAX_TEXT = 20_000;
/** 24 random bytes as base64url: whatever else stands in the cookie is not a session of ours. */
const TOKEN = /^[A-Za-z0-9_-]{32}$/;

export function makePage(parts: Parts): PageService {
  const { store, vault, clock, library } = parts;

  return {
    open: () => clock.token(24),
    async arrive(token, lang) {
      if (!TOKEN.test(token)) return refuse("not_found");
      await take(token, { key: `arrive:${token}`, content: { kind: "arrived" }, langHint: lang });
      return { ok: true };
    },
    async write(token, { key, text, choice, media }) {
      if (!TOKEN.test(token)) return refuse("not_found");
      if (!/^[\w-]{4,64}$/.test(key))
        return refuse("bad_request", "the message needs a key of 4 to 64 letters or digits");
      if (text !== undefined && text.length > MAX_TEXT)
        return refuse("bad_request", `at most ${MAX_TEXT} characters`);
      const content: Inbound["content"] =
        choice !== undefined
          ? { kind: "choice", value: choice.slice(0, MAX_CHOICE_VALUE) }
          : media !== undefined
            ? { kind: "media", media: "other", ...(text ? { caption: text } : {}) }
            : { kind: "text", text: text ?? "" };
      await take(token, { key: `${token}:${key}`, content });
      return { ok: true };
    },
    async read(token, after) {
      if (!TOKEN.test(token)) return refuse("not_found");
      const head = await store.conversations.find(vault.pseudonym("web", token));
      if (!head) return { ok: true, lines: [], ended: after > 0, topic: null };
      const box = envelope(vault, head.wrappedKey);
      const stored = await store.conversations.transcript(head.id, after, LINES_LIMIT);
      const lines = stored.map((l): PageLine => {
        const { text, choices = [], lang } = box.line.open(l.id, l.sealed);
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
      return { ok: true, lines, ended: false, topic: `conversation:${head.id}` };
    },
    async leave(token) {
      if (!TOKEN.test(token)) return;
      const [word = "thoát"] = library.base().settings.words.exit;
      if (await store.conversations.find(vault.pseudonym("web", token))) {
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
      return { texts, numbers, exitUrl: settings.exit_url, effort: settings.effort };
    },
  };

  function take(
    token: string,
    message: Pick<Inbound, "key" | "content"> & { langHint?: Lang },
  ): Promise<void> {
    return takeIn(parts, [{ channel: "web", address: token, at: clock.now(), ...message }]);
  }
}
