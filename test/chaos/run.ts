/** One chaos run: build the house, let people in, shake it, heal it, let them finish, judge. */

import { type Evidence, judge, type Verdict } from "./checker.ts";
import { Counsellor, markOf, newNotebook } from "./counsellors.ts";
import { buildHouse } from "./house.ts";
import { onPage, onTelegram, PATIENCE_MS, type Person, sleep } from "./people.ts";
import { dice, makeTrouble } from "./trouble.ts";

export interface ChaosOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly people: number;
  readonly counsellors: number;
  /** Which kinds of trouble there are; all if absent. */
  readonly only?: readonly string[];
  /** What each machine runs; the service itself if absent. */
  readonly program?: readonly string[];
  /** How long they wait for an answer before they write on. */
  readonly patienceMs?: number;
  /** How long they may take to finish in the healed house. */
  readonly settleSeconds?: number;
  readonly tell?: (line: string) => void;
}

export interface Outcome extends Verdict {
  readonly troubles: ReadonlyMap<string, number>;
  /** Calls that broke the platform's rules. */
  readonly violations: readonly string[];
  readonly finished: number;
  /** What those to whom something wrong happened wrote and saw, and what the console shows of them, for finding out why. */
  readonly transcripts: readonly string[];
}

export async function runChaos(options: ChaosOptions): Promise<Outcome> {
  const { seconds, seed, tell = () => {} } = options;
  const house = await buildHouse(options.program ?? ["bot/main.ts"]);
  const over = new AbortController();
  const shaken = new AbortController();
  try {
    const book = newNotebook();
    const lead = new Counsellor(house.publicUrl, "truong", book);
    await lead.accept(house.invite);
    const team = [lead];
    for (let n = 1; n < options.counsellors; n += 1) {
      const one = new Counsellor(house.publicUrl, `tuvan${n}`, book);
      await one.accept(await lead.invite());
      team.push(one);
    }
    const people: Person[] = [];
    for (let n = 1; n <= options.people; n += 1) {
      const patienceMs = options.patienceMs ?? PATIENCE_MS;
      people.push(
        n % 3 === 0
          ? onPage(house.publicUrl, `p${n}`, patienceMs)
          : await onTelegram(house.control, `p${n}`, patienceMs),
      );
    }
    tell(`${people.length} people, ${team.length} counsellors, ${seconds} s, seed ${seed}`);
    const shifts = team.map((one) => one.work(over.signal));
    const roll = dice(seed + 1);
    // They come over the first three quarters of the time.
    const lives = people.map(async (person) => {
      await sleep(roll() * seconds * 750);
      await person.live(over.signal);
    });
    const troubles = makeTrouble(house, seed, shaken.signal, options.only);
    const ticker = setInterval(
      () =>
        tell(`  ${people.filter((p) => p.isDone()).length} have finished, ${book.closed.size} cases closed`),
      15_000,
    );
    await sleep(seconds * 1_000);
    shaken.abort();
    const happened = await troubles;
    await house.heal();
    tell("healed");
    const settle = (options.settleSeconds ?? 60) * 1_000;
    const endAt = Date.now() + settle;
    const isQuiet = async () =>
      people.every((p) => p.isDone()) &&
      (await house.control.state()).pending === 0 &&
      (await waiting(house.machines[0]?.port ?? 0)) === 0;
    let quietSince = 0;
    while (Date.now() < endAt) {
      if (!(await isQuiet().catch(() => false))) quietSince = 0;
      else if (quietSince === 0) quietSince = Date.now();
      else if (Date.now() - quietSince > 3_000) break;
      await sleep(300);
    }
    clearInterval(ticker);
    over.abort();
    await Promise.all([...shifts, ...lives]);
    const evidence: Evidence = {
      people: await Promise.all(
        people.map(async (p) => ({ mark: p.mark, said: p.said, phone: await p.see() })),
      ),
      cases: await lead.shown(),
      levels: book.levels,
      claims: book.claims,
      replies: book.replies,
    };
    const verdict = judge(evidence);
    const wronged = new Set(verdict.faults.map((f) => /\bp\d+\b/.exec(f)?.[0]));
    const diaries = people.flatMap((p) =>
      wronged.has(p.mark) ? [`${p.mark} wrote and saw:`, ...p.diary.map((d) => `  ${d}`)] : [],
    );
    const transcripts = evidence.cases.flatMap(({ lines }) => {
      const mark = markOf(lines);
      return wronged.has(mark)
        ? [
            `the console shows of ${mark}:`,
            ...lines.map((l) => `  ${l.from} (${l.state}): ${l.text.replaceAll("\n", " ").slice(0, 70)}`),
          ]
        : [];
    });
    return {
      ...verdict,
      transcripts: [...diaries, ...transcripts],
      troubles: happened,
      violations: await house.control.violations(),
      finished: people.filter((p) => p.isDone()).length,
    };
  } finally {
    over.abort();
    shaken.abort();
    await house.end();
  }
}

/** Messages that are still on their way, as the house's own figures say. */
async function waiting(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return [...text.matchAll(/^benan_outbox\{[^}]*\} (\d+)/gm)].reduce((n, m) => n + Number(m[1]), 0);
}

/** A page of figures for people. */
export function report(outcome: Outcome): string {
  const rows = (entries: Iterable<readonly [string, number]>) =>
    [...entries].map(([name, n]) => `  ${String(n).padStart(6)}  ${name}`).join("\n");
  return [
    "what went wrong around it",
    rows(outcome.troubles),
    "what was carried",
    rows([...Object.entries(outcome.figures), ["people who came to the end", outcome.finished]]),
    "faults",
    rows([...Object.entries(outcome.counts), ["platform rules broken", outcome.violations.length]]),
    ...outcome.faults.slice(0, 40).map((f) => `  ! ${f}`),
    ...outcome.transcripts.slice(0, 120),
    ...outcome.violations.slice(0, 10).map((v) => `  ! ${v}`),
  ].join("\n");
}
