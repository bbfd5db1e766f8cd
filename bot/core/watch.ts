/** Is a channel as it usually is? From hourly counts alone: has it gone quiet, does it refuse, do hidden senders rise? */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What was usual is told by so many days; fewer than `MIN_DAYS` tell nothing. */
const KEPT_DAYS = 14;
const MIN_DAYS = 3;
/** Deliveries are judged by spells of this length, the last of them together. */
const SPELL_MS = 5 * 60_000;
const KEPT_SPELLS = 6;

export interface HourCount {
  /** Beginning of the hour, epoch ms. */
  readonly at: number;
  readonly came: number;
  /** Senders whom the channel hides so that nobody can answer them. */
  readonly hidden: number;
}

export interface SpellCount {
  readonly at: number;
  readonly sent: number;
  readonly refused: number;
}

/** What is remembered of a channel: counts without anybody's identity. */
export interface ChannelDiary {
  readonly since: number;
  /** When something came last; 0: never. */
  readonly lastCameAt: number;
  readonly hours: readonly HourCount[];
  readonly spells: readonly SpellCount[];
}

export interface Tally {
  readonly came: number;
  readonly hidden: number;
  readonly sent: number;
  readonly refused: number;
  readonly lastCameAt: number;
}

/** When to call somebody; the operator's (settings, `alarms`). */
export interface Limits {
  /** Nothing came although so many messages would usually have come since the last one. */
  readonly quiet_times: number;
  readonly quiet_at_least_minutes: number;
  /** Of the deliveries of the last half hour so large a part, and at least so many, failed. */
  readonly refused_share: number;
  readonly refused_at_least: number;
  /** In 24 hours so many times as many as on a usual day, and at least so many. */
  readonly hidden_times: number;
  readonly hidden_at_least: number;
}

export interface Judgement {
  readonly quiet: { readonly minutes: number; readonly expected: number } | null;
  readonly refuses: { readonly refused: number; readonly of: number } | null;
  readonly hidden: { readonly today: number; readonly usual: number } | null;
}

export function newDiary(now: number): ChannelDiary {
  return { since: now, lastCameAt: 0, hours: [], spells: [] };
}

/** Adds counts to the diary; what is too old to tell anything goes. */
export function addTally(diary: ChannelDiary, tally: Tally, now: number): ChannelDiary {
  const hour = floor(now, HOUR_MS);
  const spell = floor(now, SPELL_MS);
  const hours = diary.hours.filter((h) => h.at >= hour - KEPT_DAYS * DAY_MS);
  const spells = diary.spells.filter((s) => s.at > spell - KEPT_SPELLS * SPELL_MS);
  const thisHour = hours.find((h) => h.at === hour) ?? { at: hour, came: 0, hidden: 0 };
  const thisSpell = spells.find((s) => s.at === spell) ?? { at: spell, sent: 0, refused: 0 };
  return {
    since: Math.max(diary.since, hour - KEPT_DAYS * DAY_MS),
    lastCameAt: Math.max(diary.lastCameAt, tally.lastCameAt),
    hours: [
      ...hours.filter((h) => h.at !== hour),
      { at: hour, came: thisHour.came + tally.came, hidden: thisHour.hidden + tally.hidden },
    ],
    spells: [
      ...spells.filter((s) => s.at !== spell),
      { at: spell, sent: thisSpell.sent + tally.sent, refused: thisSpell.refused + tally.refused },
    ],
  };
}

export function judge(diary: ChannelDiary, limits: Limits, now: number): Judgement {
  return {
    quiet: quietOf(diary, limits, now),
    refuses: refusalOf(diary, limits, now),
    hidden: hiddenOf(diary, limits, now),
  };
}

/** Counts what would usually have come since the last message, hour by hour: three in the night are not three at noon. */
function quietOf(diary: ChannelDiary, limits: Limits, now: number): Judgement["quiet"] {
  const silentMs = now - diary.lastCameAt;
  if (diary.lastCameAt === 0 || now - diary.since < MIN_DAYS * DAY_MS) return null;
  if (silentMs < limits.quiet_at_least_minutes * 60_000) return null;
  // The silence itself must not teach what is usual.
  const days = Math.max(1, (diary.lastCameAt - diary.since) / DAY_MS);
  const usual = new Map<number, number>();
  for (const { at, came } of diary.hours) {
    const hour = hourOfDay(at);
    usual.set(hour, (usual.get(hour) ?? 0) + came / days);
  }
  let expected = 0;
  for (let at = diary.lastCameAt; at < now; at = floor(at, HOUR_MS) + HOUR_MS) {
    const until = Math.min(now, floor(at, HOUR_MS) + HOUR_MS);
    expected += ((usual.get(hourOfDay(at)) ?? 0) * (until - at)) / HOUR_MS;
    if (expected >= limits.quiet_times)
      return { minutes: Math.round(silentMs / 60_000), expected: Math.floor(expected) };
  }
  return null;
}

function refusalOf({ spells }: ChannelDiary, limits: Limits, now: number): Judgement["refuses"] {
  const recent = spells.filter((s) => s.at > floor(now, SPELL_MS) - KEPT_SPELLS * SPELL_MS);
  const refused = recent.reduce((n, s) => n + s.refused, 0);
  const of = recent.reduce((n, s) => n + s.sent, refused);
  if (refused < limits.refused_at_least || refused / of < limits.refused_share) return null;
  return { refused, of };
}

function hiddenOf({ hours, since }: ChannelDiary, limits: Limits, now: number): Judgement["hidden"] {
  const today = hours.reduce((n, h) => n + (h.at > now - DAY_MS ? h.hidden : 0), 0);
  const before = hours.reduce((n, h) => n + (h.at > now - DAY_MS ? 0 : h.hidden), 0);
  const usual = before / Math.max(1, (now - DAY_MS - since) / DAY_MS);
  if (today < limits.hidden_at_least || today < usual * limits.hidden_times) return null;
  return { today, usual: Math.round(usual) };
}

function floor(at: number, span: number): number {
  return Math.floor(at / span) * span;
}

/** Whole hours lie the same in Viet Nam and in UTC: only the number differs, and only sameness counts. */
function hourOfDay(at: number): number {
  return Math.floor(at / HOUR_MS) % 24;
}
