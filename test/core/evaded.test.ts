/** Questions about danger that she leaves open: one level up below high, and at every level a reason that a counsellor understands. */

import { describe, expect, it } from "vitest";
import type { Level } from "../../bot/core/level.ts";
import { beginRehearsal, move, type Rehearsal } from "../../bot/core/rehearsal.ts";
import { readTalk } from "../../bot/core/talk.ts";
import { repositoryWorld } from "../world.ts";

const TO_THE_SCREEN = `# Bỏ qua
@ telegram vi 2026-11-22T21:30+07:00
> alo
> [Có, nói được]
> [Tôi đang bị tổn thương]
`;

async function played(level: Level, rest: string): Promise<Rehearsal> {
  const { talk } = readTalk(`${TO_THE_SCREEN}${rest}`, "evaded");
  if (!talk) throw new Error("no talk");
  const r = beginRehearsal(await repositoryWorld("telegram"), talk.startsAt, talk.lang);
  r.state.level = level;
  // What made it so has been spoken of: no card comes before the doors.
  r.state.remembered.taken_up = "yes";
  for (const line of talk.steps)
    if (line.kind !== "expects" && line.kind !== "effect") expect(move(r, line), line.kind).not.toBeNull();
  return r;
}
const SKIP = "> [Bỏ qua câu này]\n";
const OPEN = "chưa trả lời: ";

describe("a red question that she skips", () => {
  it.each(["none", "medium", "high", "emergency"] as const)(
    "is on the case as left open when she was at %s",
    async (level) => {
      const { state } = await played(level, SKIP + SKIP);
      expect(state.reasons).toEqual([
        { category: "unanswered", evidence: expect.stringContaining(`${OPEN}Ngay lúc này có ai`) },
        { category: "unanswered", evidence: `${OPEN}đã từng bị bóp cổ hoặc làm ngạt` },
      ]);
      expect(state.level).toBe({ none: "medium", medium: "high" }[level as string] ?? level);
    },
  );

  it("is told when it is the question after a yes, beside what she said yes to", async () => {
    const { state } = await played("none", `> không phải bây giờ\n> có\n${SKIP}`);
    expect(state.level).toBe("high");
    expect(state.reasons).toEqual([
      { category: "strangulation", evidence: "đã từng bị bóp cổ hoặc làm ngạt" },
      { category: "unanswered", evidence: `${OPEN}bị bóp cổ hôm nay hoặc đang có dấu hiệu nguy hiểm` },
    ]);
  });

  it("is told once, also when two sets of questions ask the same", async () => {
    const { state } = await played("none", `${SKIP.repeat(3)}${"> không\n".repeat(3)}${SKIP.repeat(2)}`);
    const told = state.reasons.map((r) => r.evidence);
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((t) => t.includes("vũ khí"))).toEqual([`${OPEN}đã từng dùng hoặc dọa bằng vũ khí`]);
  });
});
