/** Watches over the channels for all processes together: counts, and a call when one goes quiet, refuses, or hides people. */

import type { Bilingual, ChannelName } from "../core/message.ts";
import { addTally, type ChannelDiary, type Judgement, judge, newDiary, type Tally } from "../core/watch.ts";
import type { Parts } from "./parts.ts";
import { openedOwn } from "./readable.ts";

const MAX_TRIES = 5;
/** An alarm that goes on is said again this often. */
const AGAIN_MS = 60 * 60_000;

export interface Watch {
  came(channel: ChannelName, n: number): void;
  sent(channel: ChannelName): void;
  refused(channel: ChannelName): void;
  /**
   * Puts what was counted here to what all processes counted, and calls whoever reads the log. What the store does not take
   * is kept for the next time.
   */
  flush(): Promise<void>;
  /** How each channel stands, as all processes saw it by their last flush. */
  standing(): Promise<ReadonlyMap<ChannelName, Judgement>>;
}

type Needs = Pick<Parts, "store" | "vault" | "clock" | "log" | "channels" | "library">;
type Mutable = { -readonly [K in keyof Tally]: Tally[K] };

export function makeWatch(needs: Needs): Watch {
  const { store, vault, clock, log, channels, library } = needs;
  const counted = new Map<ChannelName, Mutable>();
  const hiddenSeen = new Map<ChannelName, number>();
  const called = new Map<string, number>();

  const of = (channel: ChannelName): Mutable => {
    const known = counted.get(channel) ?? { came: 0, hidden: 0, sent: 0, refused: 0, lastCameAt: 0 };
    counted.set(channel, known);
    return known;
  };

  return {
    came(channel, n) {
      const tally = of(channel);
      tally.came += n;
      tally.lastCameAt = clock.now();
    },
    sent(channel) {
      of(channel).sent += 1;
    },
    refused(channel) {
      of(channel).refused += 1;
    },
    async flush() {
      for (const channel of channels.values()) {
        const hidden = channel.hiddenSenders ?? 0;
        const fresh = hidden - (hiddenSeen.get(channel.name) ?? 0);
        if (fresh > 0) of(channel.name).hidden += fresh;
        hiddenSeen.set(channel.name, hidden);
      }
      // What comes while we write is for the next time: on a busy night there would be no end.
      const taken = [...counted];
      counted.clear();
      for (const [channel, tally] of taken)
        if (!(await add(channel, tally).catch(() => false))) putBack(channel, tally);
      for (const [channel, judgement] of await this.standing()) call(channel, judgement);
    },
    async standing() {
      const found = new Map<ChannelName, Judgement>();
      const { alarms } = library.base().settings;
      for (const name of channels.keys()) {
        const { diary } = await read(name);
        if (diary) found.set(name, judge(diary, alarms, clock.now()));
      }
      return found;
    },
  };

  function putBack(channel: ChannelName, tally: Tally): void {
    const later = of(channel);
    for (const key of ["came", "hidden", "sent", "refused"] as const) later[key] += tally[key];
    later.lastCameAt = Math.max(later.lastCameAt, tally.lastCameAt);
  }

  function call(channel: ChannelName, { quiet, refuses, hidden }: Judgement): void {
    say("channel_quiet", channel, quiet);
    say("channel_refuses", channel, refuses);
    say("hidden_senders_rise", channel, hidden);
  }

  function say(code: string, channel: ChannelName, facts: Readonly<Record<string, number>> | null): void {
    const key = `${code} ${channel}`;
    const last = called.get(key);
    if (!facts) {
      if (called.delete(key)) log("info", "channel_as_usual", { channel, was: code });
      return;
    }
    if (last !== undefined && clock.now() - last < AGAIN_MS) return;
    called.set(key, clock.now());
    log("error", code, { channel, ...facts });
  }

  async function add(channel: ChannelName, tally: Tally): Promise<boolean> {
    for (let n = 0; n < MAX_TRIES; n += 1) {
      const { diary, version } = await read(channel);
      const now = clock.now();
      const next = addTally(diary ?? newDiary(now), tally, now);
      const name = diaryName(channel);
      if (await store.upkeep.putSecret(name, vault.sealOwn(name, JSON.stringify(next)), version)) return true;
    }
    return false;
  }

  async function read(channel: ChannelName): Promise<{ diary: ChannelDiary | null; version: number | null }> {
    const name = diaryName(channel);
    const kept = await store.upkeep.getSecret(name);
    if (!kept) return { diary: null, version: null };
    // One that was spoilt must not stop the figures and the other channels: the next count begins it anew.
    const opened = openedOwn(needs, name, kept.sealed);
    return { diary: opened === null ? null : (JSON.parse(opened) as ChannelDiary), version: kept.version };
  }
}

function diaryName(channel: ChannelName): string {
  return `watch.${channel}`;
}

/** What is wrong with a channel, for whoever runs this. */
export function standingSentences(
  channel: ChannelName,
  { quiet, refuses, hidden }: Judgement,
): readonly Bilingual[] {
  return [
    ...(quiet
      ? [
          {
            en: `${channel} is quiet: nothing came for ${quiet.minutes} min, where usually ${quiet.expected} messages or more come. Look at its webhook and token, write to it yourself`,
            vi: `${channel} im lặng: ${quiet.minutes} phút không có tin nào, bình thường có từ ${quiet.expected} tin. Hãy xem webhook và mã truy cập, và tự nhắn thử`,
          },
        ]
      : []),
    ...(refuses
      ? [
          {
            en: `${channel} refuses: ${refuses.refused} of the last ${refuses.of} deliveries failed. See the log for its code: token, quota, or the platform itself`,
            vi: `${channel} từ chối: ${refuses.refused} trong ${refuses.of} tin gửi gần nhất không tới. Xem mã lỗi trong nhật ký: mã truy cập, hạn mức, hay chính nền tảng`,
          },
        ]
      : []),
    ...(hidden
      ? [
          {
            en: `${channel} hid ${hidden.today} senders in 24 h whom nobody can answer (usually ${hidden.usual} a day); often they are children. Say 111 and another way to reach you in the bot's name and description, and on posters`,
            vi: `${channel} đã giấu ${hidden.today} người nhắn trong 24 giờ mà không ai trả lời được (bình thường ${hidden.usual} mỗi ngày); thường là trẻ em. Hãy ghi 111 và một cách liên lạc khác ở tên, phần giới thiệu của bot và trên áp phích`,
          },
        ]
      : []),
  ];
}
