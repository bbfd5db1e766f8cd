/** The counsellors' forum beside the console: keeps a topic for each open case, and does what is written there. */

import { errorKind } from "../core/error-kind.ts";
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
import type { CaseRow, ConversationHead, DeliveryState, TranscriptLine } from "../ports/store.ts";
import { envelope, SPOILT } from "./contexts.ts";
import type { Parts } from "./parts.ts";
import { openedOwn, readerOf } from "./readable.ts";
import type { Answer, Desk, Staff } from "./services.ts";

const LIST_LIMIT = 200;
const LINES_LIMIT = 200;
const MEMBER_FOR_MS = 5 * 60_000;
/** Who talks in a topic without being known is told so once in this time: a group takes few lines, and danger needs them. */
const STRANGER_AGAIN_MS = 10 * 60_000;
const MAX_TRIES = 5;
const SHELF = "forum.topics";

interface Topic {
  readonly topic: number;
  /** The case as it was when the topic was last written to. */
  readonly shown: TopicCase;
  /** What the topic is called; absent: as `shown` says. */
  readonly name?: string;
  /** Its first lines could not be written yet. */
  readonly isBare?: true;
  /** The last line of the conversation that was told of. */
  readonly upTo: number;
  /** Counsellors' lines up to there of which it was not known yet whether they arrive. Absent in what an older build kept. */
  readonly underway?: readonly number[];
}
type Topics = Readonly<Record<string, Topic>>;

/** What becomes of a line in one of these is not known yet. */
const UNDERWAY: ReadonlySet<DeliveryState> = new Set(["queued", "sending"]);

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
  const strangers = new Map<string, number>();
  // A case is told of also where not all of it opens: it waits for a human all the same.
  const ifReadable = readerOf(log, "forum_case_unreadable");

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
      const failed: string[] = [];
      for (const [id, { row, head }] of open) {
        // One conversation that cannot be read must not keep all others from the group.
        const next = await follow(topics[id], row, head).catch((error: unknown) => {
          failed.push(errorKind(error));
          return topics[id];
        });
        if (next === topics[id]) continue;
        const others = Object.entries(topics).filter(([other]) => other !== id);
        topics = Object.fromEntries(next ? [...others, [id, next]] : others);
        await save(topics);
      }
      if (failed.length > 0) log("error", "forum_cases_not_told", { cases: failed.length, error: failed[0] });
    },
  };

  /** The most urgent, and all that have a topic: a list that is full must not take a topic away from a case that is open. */
  async function openCases(known: readonly CaseId[]): Promise<readonly CaseRow[]> {
    const listed = await store.cases.list({ states: ["waiting", "claimed"], limit: LIST_LIMIT });
    const ids = new Set(listed.map((row) => row.id));
    const others = await Promise.all(known.filter((id) => !ids.has(id)).map((id) => store.cases.get(id)));
    return [...listed, ...others.flatMap((row) => (row === null || row.state === "closed" ? [] : row))];
  }

  /**
   * Writes what is new about one case. What could not be written is not taken for told: the next round tries again.
   * undefined: there is no topic for it yet, or no longer.
   */
  async function follow(
    known: Topic | undefined,
    row: CaseRow,
    head: ConversationHead,
  ): Promise<Topic | undefined> {
    const { outcomes, forum: how } = library.base().settings;
    const now = await topicCase(row, head);
    const facts = { showsWords: how.shows_words, outcomes: outcomes.map((o) => o.id), lang: how.lang };
    const name = topicName(now, how.lang);
    if (!known) {
      const topic = await forum.open(name);
      if (topic === null) return undefined;
      const opened = await forum.write(topic, openingText(now, facts));
      return { topic, shown: now, name, upTo: 0, ...(opened === "written" ? {} : { isBare: true }) };
    }
    const { topic } = known;
    const before = known.name ?? topicName(known.shown, how.lang);
    const isNamed = before === name || (await forum.rename(topic, name));
    const since = Math.min(known.upTo, ...(known.underway ?? []).map((ordinal) => ordinal - 1));
    const lines = await store.conversations.transcript(head.id, since, LINES_LIMIT);
    const told = [
      ...(known.isBare ? [openingText(now, facts)] : changes(known.shown, now, how.lang)),
      ...news(lines, known, head),
    ];
    const upTo = Math.max(known.upTo, lines.at(-1)?.ordinal ?? 0);
    const underway = lines
      .filter((l) => l.author === "counsellor" && UNDERWAY.has(l.state) && upTo - l.ordinal < LINES_LIMIT / 2)
      .map((l) => l.ordinal);
    const next: Topic = { topic, shown: now, name: isNamed ? name : before, upTo, underway };
    if (told.length === 0) return isSame(next, known, before) ? known : next;
    const written = await forum.write(topic, told.join("\n"));
    if (written === "gone") return undefined;
    if (written === "written") return next;
    return next.name === before ? known : { ...known, name };
  }

  /** What was said since: that she wrote, or what, and that a word of the desk did not arrive, or perhaps. */
  function news(lines: readonly TranscriptLine[], known: Topic, head: ConversationHead): readonly string[] {
    const box = envelope(vault, head.wrappedKey);
    const isNew = ({ ordinal }: TranscriptLine) => ordinal > known.upTo;
    const words = lines
      .filter((l) => l.author === "person" && isNew(l))
      .map((l) => ifReadable(head, () => box.line.open(l.id, l.sealed).text) ?? SPOILT)
      .filter((text) => text !== "");
    const settled = lines
      .filter((l) => l.author === "counsellor" && (isNew(l) || known.underway?.includes(l.ordinal)))
      .map((l) => l.state);
    const count = words.length > 0 ? [`${word("new_words")} ${words.length}`] : [];
    return [
      ...(settled.includes("failed") ? [word("not_arrived")] : []),
      ...(settled.includes("unclear") ? [word("perhaps_not_arrived")] : []),
      ...(library.base().settings.forum.shows_words ? words.map((text) => `» ${text}`) : count),
    ];
  }

  async function topicCase(row: CaseRow, head: ConversationHead): Promise<TopicCase> {
    const holder = row.claimedBy ? await store.staff.byId(row.claimedBy) : null;
    const sealed = await store.conversations.state(head.id);
    const box = envelope(vault, head.wrappedKey);
    const state = sealed && ifReadable(head, () => box.state.open(head.id, sealed));
    const reasons = row.sealedReasons;
    const signs = reasons && ifReadable(head, () => box.reasons.open(row.id, reasons));
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
      ...(signs ? { signs: signs.length } : {}),
      held: held && held.why !== "first" ? { why: held.why, until: held.until } : null,
    };
  }

  async function takeOne(post: Inbound): Promise<void> {
    if (post.content.kind !== "staff_post") return;
    const { account, topic, text } = post.content;
    const { topics } = await read();
    const id = Object.keys(topics).find((key) => topics[key]?.topic === topic) as CaseId | undefined;
    const by = await staffOf(account);
    if (!by) log("warn", "forum_stranger", { channel: post.channel });
    if (id === undefined || (!by && !isNewStranger(account, topic))) return;
    const said = !by
      ? word("stranger")
      : text === null
        ? word("only_words")
        : await act(by, id, text, post.key);
    // Not waited for: people's own messages come the same way, and Telegram takes few lines a minute in a group.
    if (said !== null) void forum.write(topic, said);
  }

  function isNewStranger(account: string, topic: number): boolean {
    const key = `${topic} ${account}`;
    if ((strangers.get(key) ?? 0) > clock.now()) return false;
    for (const [other, until] of strangers) if (until <= clock.now()) strangers.delete(other);
    strangers.set(key, clock.now() + STRANGER_AGAIN_MS);
    return true;
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
    // Spoilt, topics are opened anew: what staff write, and people in the same queue, must not be refused for ever.
    const opened = openedOwn(parts, SHELF, kept.sealed);
    return { topics: opened === null ? {} : (JSON.parse(opened) as Topics), version: kept.version };
  }

  async function save(topics: Topics): Promise<void> {
    for (let n = 0; n < MAX_TRIES; n += 1) {
      const { version } = await read();
      if (await store.upkeep.putSecret(SHELF, vault.sealOwn(SHELF, JSON.stringify(topics)), version)) return;
    }
    throw new Error("the forum's topics could not be kept");
  }
}

/** Is there nothing to keep that was not kept before? */
function isSame(next: Topic, known: Topic, name: string): boolean {
  return (
    next.upTo === known.upTo &&
    next.name === name &&
    (next.underway ?? []).join() === (known.underway ?? []).join()
  );
}
