/** Counsellors at the console's API: they look at the queue, claim what waits, write, wait for an answer, close. */

import { Visitor } from "../machines.ts";
import type { ShownCase, ShownLine } from "./checker.ts";
import { insist, sleep } from "./people.ts";
import { counsellorSays, JOINED, personSays, ROUNDS, story } from "./story.ts";

const LOOK_MS = 400;
const DUTY_MS = 20_000;
/** How many talks one counsellor holds at a time. */
const MAX_OWN = 6;
const PASSWORD = "mat-khau-thu-nghiem";

export interface Card {
  readonly id: string;
  readonly level: string;
  readonly state: string;
  readonly mine: boolean;
}

/** What all of them saw and did, for the checker. */
export interface Notebook {
  readonly levels: Map<string, string[]>;
  readonly claims: { caseId: string; by: string }[];
  readonly replies: { caseId: string; text: string }[];
  readonly closed: Set<string>;
}

export const newNotebook = (): Notebook => ({
  levels: new Map(),
  claims: [],
  replies: [],
  closed: new Set(),
});

export class Counsellor {
  readonly name: string;
  readonly #url: string;
  readonly #seat: Visitor;
  readonly #book: Notebook;

  constructor(url: string, name: string, book: Notebook) {
    this.#url = url;
    this.name = name;
    this.#book = book;
    this.#seat = new Visitor(url);
  }

  async accept(token: string): Promise<void> {
    const who = { token, login: this.name, alias: this.name, password: PASSWORD };
    const told = await this.#seat.post(this.#url, "/api/staff/accept", who);
    if (told.status !== 200) throw new Error(`${this.name} cannot sign in: ${JSON.stringify(told.body)}`);
  }

  async invite(): Promise<string> {
    return String(
      (await this.#seat.post(this.#url, "/api/staff/invite", { roles: ["counsellor"] })).body.token,
    );
  }

  async cases(states: string): Promise<readonly Card[]> {
    return insist(async () => {
      const { status, body } = await this.#seat.get(this.#url, `/api/desk/cases?states=${states}`);
      return status === 200 ? (body.cases as readonly Card[]) : null;
    });
  }

  /** Empty when a colleague took the case between the look at the queue and this one. */
  lines(id: string): Promise<readonly ShownLine[]> {
    return insist(async () => {
      const { status, body } = await this.#seat.get(this.#url, `/api/desk/cases/${id}/lines?after=0`);
      if (status === 409) return [];
      return status === 200 ? (body.lines as readonly ShownLine[]) : null;
    });
  }

  async shown(): Promise<readonly ShownCase[]> {
    const cards = await this.cases("waiting,claimed,closed");
    return Promise.all(cards.map(async ({ id, level }) => ({ id, level, lines: await this.lines(id) })));
  }

  /** A shift: until told to stop. */
  async work(stop: AbortSignal): Promise<void> {
    let dutyAt = 0;
    while (!stop.aborted) {
      if (Date.now() - dutyAt > DUTY_MS) {
        await this.#act("/api/desk/duty", { on: true });
        dutyAt = Date.now();
      }
      const cards = await this.cases("waiting,claimed");
      for (const card of cards) this.#note(card);
      const mine = cards.filter((card) => card.mine);
      for (const card of mine) {
        if (stop.aborted) return;
        await this.#care(card.id);
      }
      // Those who wait longest first, a few more than she can take, because her colleagues look at the same ones.
      const room = MAX_OWN - mine.length;
      for (const card of cards.filter((c) => c.state === "waiting").slice(0, 2 * room)) {
        if (stop.aborted) return;
        await this.#claim(card.id);
      }
      await sleep(LOOK_MS);
    }
  }

  #note({ id, level, mine }: Card): void {
    const seen = this.#book.levels.get(id) ?? [];
    this.#book.levels.set(id, seen.at(-1) === level ? seen : [...seen, level]);
    if (mine) this.#won(id);
  }

  #won(caseId: string): void {
    if (!this.#book.claims.some((c) => c.caseId === caseId && c.by === this.name))
      this.#book.claims.push({ caseId, by: this.name });
  }

  /** Once she has come to the end of the machine's questions. */
  async #claim(id: string): Promise<void> {
    const lines = await this.lines(id);
    const last = story("").at(-1);
    const knife = lines.findLastIndex((l) => l.text.includes("dao ngoai cua"));
    if (knife < 0 || !lines.slice(knife).some((l) => l.from === "bot" && last?.answer.test(l.text))) return;
    const { status } = await this.#act(`/api/desk/cases/${id}/claim`, {});
    if (status === 200) this.#won(id);
  }

  async #care(id: string): Promise<void> {
    const lines = await this.lines(id);
    const mark = markOf(lines);
    if (!lines.some((l) => JOINED.test(l.text)) || !mark) return;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const words = counsellorSays(mark, round);
      if (!lines.some((l) => l.text === words)) {
        const { status } = await this.#act(`/api/desk/cases/${id}/reply`, {
          text: words,
          key: `${id}-${round}`,
        });
        if (status === 200) this.#book.replies.push({ caseId: id, text: words });
        return;
      }
      if (!lines.some((l) => l.text === personSays(mark, round))) return;
    }
    const { status } = await this.#act(`/api/desk/cases/${id}/close`, { outcome: "supported", note: "" });
    if (status === 200) this.#book.closed.add(id);
  }

  /** Tried again by the next look at the queue when the connection breaks. */
  #act(path: string, body: object): Promise<{ status: number }> {
    return this.#seat.post(this.#url, path, body).catch(() => ({ status: 0 }));
  }
}

export function markOf(lines: readonly ShownLine[]): string | undefined {
  return lines.map((l) => /^alo (\S+)$/.exec(l.text)?.[1]).find((m) => m !== undefined);
}
