/** What another person who holds her phone sees of the bot: name, descriptions, commands. Set by `doctor --apply`. */

import type { Api } from "grammy";
import { LANGS, type Lang } from "../../core/message.ts";
import type { Applied, Profile } from "../../ports/channel.ts";
import { refusalOf } from "./refusal.ts";

/** One thing that Telegram shows: read before it is written, because a bot may change its name only a few times a day. */
interface Item {
  readonly what: string;
  readonly wanted: string;
  read(): Promise<string>;
  write(): Promise<unknown>;
}

/** Makes the bot's profile say `profile`. Vietnamese is also what people with any other language see. Throws nothing. */
export async function applyProfile(api: Api, profile: Profile): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const item of itemsOf(api, profile)) applied.push(await apply(item));
  return applied;
}

/** The same for anything else of the bot. */
export async function apply({ what, wanted, read, write }: Item): Promise<Applied> {
  let before = "";
  try {
    before = await read();
    if (before !== wanted) await write();
    return { what, before, after: wanted };
  } catch (error) {
    return { what, before, after: before, failed: refusalOf(error).code };
  }
}

function itemsOf(api: Api, profile: Profile): readonly Item[] {
  const scopes: readonly { readonly lang: Lang; readonly code?: Lang }[] = [
    { lang: "vi" },
    ...LANGS.map((lang) => ({ lang, code: lang })),
  ];
  return scopes.flatMap(({ lang, code }) => {
    const scope = code === undefined ? {} : { language_code: code };
    const shown = code ?? "default";
    const commands = profile.commands.map((c) => ({
      command: c.command,
      description: c.description[lang],
    }));
    return [
      {
        what: `name ${shown}`,
        wanted: profile.name[lang],
        read: async () => (await api.getMyName(scope)).name,
        write: () => api.setMyName(profile.name[lang], scope),
      },
      {
        what: `description ${shown}`,
        wanted: profile.description[lang],
        read: async () => (await api.getMyDescription(scope)).description,
        write: () => api.setMyDescription(profile.description[lang], scope),
      },
      {
        what: `about ${shown}`,
        wanted: profile.about[lang],
        read: async () => (await api.getMyShortDescription(scope)).short_description,
        write: () => api.setMyShortDescription(profile.about[lang], scope),
      },
      {
        what: `commands ${shown}`,
        wanted: written(commands),
        read: async () => written(await api.getMyCommands(scope)),
        write: () => api.setMyCommands(commands, scope),
      },
    ];
  });
}

function written(commands: readonly { readonly command: string; readonly description: string }[]): string {
  return commands.map((c) => `/${c.command} ${c.description}`).join(", ");
}
