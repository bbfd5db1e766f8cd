/** The counsellors' forum beside the console: keeps a topic for each open case, and does what is written there. */

import {
  changes,
  type ForumWord,
  forumWord,
  openingText,
  readPost,
  type TopicCase,
  topicName,
} from "../core/forum.ts";
import type { CaseId } from "../core/ids.ts";
import type { Inbound } from "../core/message.ts";
import type { Forum } from "../ports/forum.ts";
import type { CaseRow, ConversationHead, TranscriptLine } from "../ports/store.ts";
import { envelope } from "./contexts.ts";
import type { Parts } from "./parts.ts";
import type { Answer, Desk, Staff } from "./services.ts";

const LIST_LIMIT = 200;
const LINES_LIMIT = 200;
const MEMBER_FOR_MS = 5 * 60_000;
const MAX_TRIES = 5;
const SHELF = "forum.topics";
/** What becomes of a line in one of these is not known yet. */
const UNDERWAY: ReadonlySet<TranscriptLine["state"]> = new Set(["queued", "sending"]);

interface Topic {
  readonly topic: number;
  /** The case as it was when the topic was last written to. */
  readonly shown: TopicCase;
  /** The last line of the conversation that was told of. */
  readonly upTo: number;
  /** Counsellors' lines up to there of which it was not known yet whether they arrive. Absent in what an older build kept. */
  readonly underway?: readonly number[];
}
type Topics = Readonly<Record<string, Topic>>;

export interface ForumDesk {
  /** Does what staff wrote. Rejects when the store cannot take it, so that the platform sends it again. */
  take(posts: readonly Inbound[]): Promise<void>;
  /** Brings the topics to where the cases are; by one process at a time. */
  sync(): Promise<void>;
}

export interface ForumOptions {
  readonly forum: Forum;
  /** Login of the console by account of the platform: whoever is not in it is nobody here. */
  readonly staff: ReadonlyMap<string, string>;
}

export function makeForumDesk(parts: Parts, desk: Desk, { forum, staff }: ForumOptions): ForumDesk {
  const { store, vault, clock, log, library } = parts;
  const members = new Map<string, number>();

  return {
    async take(posts) {
      for (const post of posts) await takeOne(post);
    },
    async sync() {
      let topics = (await read()).topics;
      const rows = await openCases(Object.keys(topics) as CaseId[]);
      const open = new Map<string, { row: CaseRow; head: ConversationHead }>();
      for (const row of rows) {
        const head = await store.conversations.head(row.conversationId);
        // Erased: not a word of hers may stand anywhere.
        if (head) open.set(row.id, { row, head });
      }
      for (const [id, { topic }] of Object.entries(topics)) {
        if (open.has(id) || !(await forum.remove(topic))) continue;
        topics = Object.fromEntries(Object.entries(topics).filter(([other]) => other !== id));
        await save(topics);
      }
      for (const [id, { row, head }] of open) {
        const next = await follow(topics[id], row, head);
        if (!next || next === topics[id]) continue;
        topics = { ...topics, [id]: next };
        await save(topics);
      }
    },
  };

  /** The most urgent, and all that have a topic: a list that is full must not take a topic away from a case that is open. */
  async function openCases(known: readonly CaseId[]): Promise<readonly CaseRow[]> {
    const listed = await store.cases.list({ states: ["waiting", "claimed"], limit: LIST_LIMIT });
    const ids = new Set(listed.map((row) => row.id));
    const others = await Promise.all(known.filter((id) => !ids.has(id)).map((id) => store.cases.get(id)));
    return [...listed, ...others.flatMap((row) => (row === null || row.state === "closed" ? [] : row))];
  }

  /** Writes what is new about one case; undefined: there is no topic for it yet. */
  async function follow(
    known: Topic | undefined,
    row: CaseRow,
    head: ConversationHead,
  ): Promise<Topic | undefined> {
    const { outcomes, forum: how } = library.base().settings;
    const now = await topicCase(row, head);
    if (!known) {
      const topic = await forum.open(topicName(now, how.lang));
      if (topic === null) return undefined;
      const facts = { showsWords: how.shows_words, outcomes: outcomes.map((o) => o.id), lang: how.lang };
      await forum.write(topic, openingText(now, facts));
      return { topic, shown: now, upTo: 0 };
    }
    const name = topicName(now, how.lang);
    if (topicName(known.shown, how.lang) !== name) await forum.rename(known.topic, name);
    const waited = new Set(known.underway);
    const seen = await store.conversations.transcript(
      head.id,
      Math.min(known.upTo, ...[...waited].map((n) => n - 1)),
      LINES_LIMIT,
    );
    const lines = seen.filter((l) => l.ordinal > known.upTo);
    const replies = seen.filter(
      (l) => l.author === "counsellor" && (l.ordinal > known.upTo || waited.has(l.ordinal)),
    );
    const box = envelope(vault, head.wrappedKey);
    const hers = lines.filter((l) => l.author === "person").map((l) => box.line.open(l.id, l.sealed).text);
    const words = hers.filter((text) => text !== "");
    const failed = replies.some((l) => l.state === "failed");
    const told = [...changes(known.shown, now, how.lang), ...(failed ? [word("not_arrived")] : [])];
    if (words.length > 0)
      told.push(
        ...(how.shows_words ? words.map((text) => `» ${text}`) : [`${word("new_words")} ${words.length}`]),
      );
    if (told.length > 0) await forum.write(known.topic, told.join("\n"));
    const upTo = lines.at(-1)?.ordinal ?? known.upTo;
    const underway = replies
      .filter((l) => UNDERWAY.has(l.state) && upTo - l.ordinal < LINES_LIMIT / 2)
      .map((l) => l.ordinal);
    const isSame = told.length === 0 && upTo === known.upTo && underway.length === waited.size;
    return isSame ? known : { topic: known.topic, shown: now, upTo, underway };
  }

  async function topicCase(row: CaseRow, head: ConversationHead): Promise<TopicCase> {
    const holder = row.claimedBy ? await store.staff.byId(row.claimedBy) : null;
    const sealed = await store.conversations.state(head.id);
    const state = sealed && envelope(vault, head.wrappedKey).state.open(head.id, sealed);
    const held = state?.held?.find((h) => h.kind === "reply" && h.why !== "first");
    return {
      code: row.code,
      state: row.state === "claimed" ? "claimed" : "waiting",
      level: row.level,
      asked: row.asked,
      channel: row.channel,
      lang: row.lang,
      holder: holder?.alias ?? null,
      personLeft: row.personLeft,
      held: held && held.why !== "first" ? { why: held.why, until: held.until } : null,
    };
  }

  async function takeOne(post: Inbound): Promise<void> {
    if (post.content.kind !== "staff_post") return;
    const { account, topic, text } = post.content;
    const by = await staffOf(account);
    if (!by) return log("warn", "forum_stranger", { channel: post.channel });
    const { topics } = await read();
    const id = Object.keys(topics).find((key) => topics[key]?.topic === topic) as CaseId | undefined;
    if (id === undefined) return;
    const said = await act(by, id, text, post.key);
    if (said !== null) await forum.write(topic, said);
  }

  /** null: done, and the topic tells of it by itself. */
  async function act(by: Staff, id: CaseId, text: string, key: string): Promise<string | null> {
    const post = readPost(text);
    switch (post.verb) {
      case "claim":
        return refusalIn(await desk.claim(by, id));
      case "release":
        return refusalIn(await desk.release(by, id));
      case "close": {
        const outcomes = desk.outcomes().map((o) => o.id);
        if (!outcomes.includes(post.outcome)) return `${word("failed")} /close ${outcomes.join(" | ")}`;
        return refusalIn(await desk.close(by, id, post.outcome, post.note));
      }
      case "note":
        return refusalIn(await desk.note(by, id, post.text)) ?? word("noted");
      case "say":
        return refusalIn(await desk.reply(by, id, post.text, `forum-${key}`));
      case "help":
        return `${word("unknown_command")}\n${word("commands")}`;
    }
  }

  function refusalIn(answer: Answer<object>): string | null {
    if (answer.ok) return null;
    switch (answer.code) {
      case "not_yours":
      case "already_claimed":
      case "closed":
      case "forbidden":
        return word(answer.code);
      default:
        return `${word("failed")} ${answer.message}`;
    }
  }

  function word(key: ForumWord): string {
    return forumWord(key, library.base().settings.forum.lang);
  }

  /** A member of staff who is named in the settings, not disabled, and in the group now. */
  async function staffOf(account: string): Promise<Staff | null> {
    const login = staff.get(account);
    const row = login === undefined ? null : await store.staff.byLogin(login);
    if (!row || row.disabled) return null;
    if ((members.get(account) ?? 0) < clock.now()) {
      if (!(await forum.isMember(account))) return null;
      members.set(account, clock.now() + MEMBER_FOR_MS);
    }
    return { id: row.id, login: row.login, alias: row.alias, roles: row.roles };
  }

  async function read(): Promise<{ topics: Topics; version: number | null }> {
    const kept = await store.upkeep.getSecret(SHELF);
    if (!kept) return { topics: {}, version: null };
    return { topics: JSON.parse(vault.openOwn(SHELF, kept.sealed)) as Topics, version: kept.version };
  }

  async function save(topics: Topics): Promise<void> {
    for (let n = 0; n < MAX_TRIES; n += 1) {
      const { version } = await read();
      if (await store.upkeep.putSecret(SHELF, vault.sealOwn(SHELF, JSON.stringify(topics)), version)) return;
    }
    throw new Error("the forum's topics could not be kept");
  }
}
