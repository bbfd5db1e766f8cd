/** What another person who holds her phone sees of the bot: name, descriptions, commands. Set by `doctor --apply`. */

import type { Api } from "grammy";
import type { Bilingual, Lang } from "../../core/message.ts";
import { LANGS } from "../../core/message.ts";
import { refusalOf } from "./refusal.ts";

export interface ProfileTexts {
  /** Neutral; ≤ 64 signs. */
  readonly name: Bilingual;
  /** Shown in the empty chat; ≤ 512 signs. */
  readonly description: Bilingual;
  /** Shown on the profile and with shared links; ≤ 120 signs. */
  readonly about: Bilingual;
  readonly commands: readonly { readonly command: string; readonly description: Bilingual }[];
}

export interface ProfileResult {
  /** "name vi", "commands en" …: what was different and is now set. */
  readonly changed: readonly string[];
  /** What Telegram refused, with the code. */
  readonly failed: readonly string[];
}

/**
 * Makes the bot's profile say `texts`. Vietnamese is also what people with any other language see. Reads before it
 * writes, because Telegram lets a bot change its name only a few times a day. Throws nothing.
 */
export async function applyProfile(api: Api, texts: ProfileTexts): Promise<ProfileResult> {
  const changed: string[] = [];
  const failed: string[] = [];
  for (const [title, lang, set] of changes(api, texts)) {
    try {
      if (await set()) changed.push(`${title} ${lang}`);
    } catch (error) {
      failed.push(`${title} ${lang}: ${refusalOf(error).code}`);
    }
  }
  return { changed, failed };
}

type Change = readonly [title: string, lang: string, set: () => Promise<boolean>];

function changes(api: Api, texts: ProfileTexts): readonly Change[] {
  const scopes: readonly { readonly lang: Lang; readonly code?: Lang }[] = [
    { lang: "vi" },
    ...LANGS.map((lang) => ({ lang, code: lang })),
  ];
  return scopes.flatMap(({ lang, code }) => {
    const scope = code === undefined ? {} : { language_code: code };
    const commands = texts.commands.map((c) => ({ command: c.command, description: c.description[lang] }));
    const shown = code ?? "default";
    const change = (title: string, is: () => Promise<boolean>, set: () => Promise<unknown>): Change => [
      title,
      shown,
      async () => {
        if (await is()) return false;
        await set();
        return true;
      },
    ];
    return [
      change(
        "name",
        async () => (await api.getMyName(scope)).name === texts.name[lang],
        () => api.setMyName(texts.name[lang], scope),
      ),
      change(
        "description",
        async () => (await api.getMyDescription(scope)).description === texts.description[lang],
        () => api.setMyDescription(texts.description[lang], scope),
      ),
      change(
        "about",
        async () => (await api.getMyShortDescription(scope)).short_description === texts.about[lang],
        () => api.setMyShortDescription(texts.about[lang], scope),
      ),
      change(
        "commands",
        async () => JSON.stringify(await api.getMyCommands(scope)) === JSON.stringify(commands),
        () => api.setMyCommands(commands, scope),
      ),
    ];
  });
}
