/** Where the operator asks for it, nobody publishes an article that they wrote themselves. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Staff } from "../../bot/app/services.ts";
import { assemble, ROOT, type Service } from "../../bot/assemble.ts";
import { configFrom } from "../../bot/config.ts";
import type { StaffId } from "../../bot/core/ids.ts";

const staff = (login: string): Staff => ({
  id: login as StaffId,
  login,
  alias: login,
  roles: ["administrator"],
});

describe("review by a second person", () => {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-review-"));
  let service: Service;
  beforeAll(async () => {
    cpSync(join(ROOT, "flows"), join(folder, "flows"), { recursive: true });
    const settings = join(folder, "flows", "settings.yaml");
    const before = readFileSync(settings, "utf8");
    writeFileSync(
      settings,
      before.replace("review_by_second_person: false", "review_by_second_person: true"),
    );
    const config = configFrom({ DATA_DIR: join(folder, "data") });
    if (!config.ok) throw new Error(config.faults.join());
    service = await assemble(config.config, { flowsDir: join(folder, "flows"), log: () => {} });
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  it("refuses the writer, takes another's word, and groups what was not answered", async () => {
    const { editorial } = service.services;
    const [lan, mai] = [staff("lan"), staff("mai")];
    const key = "contact-ban-12-hours";
    const opened = await editorial.open(lan, "article", key);
    if (!opened.ok) throw new Error(opened.code);
    const edited = opened.source.replace("chưa ký lệnh", "chưa ký lệnh cấm");
    const saved = await editorial.save(lan, "article", key, edited, opened.number);
    if (!saved.ok) throw new Error(saved.code);
    expect(await editorial.publish(lan, "article", key, saved.number, "")).toMatchObject({
      ok: false,
      code: "second_person",
    });
    expect(await editorial.publish(mai, "article", key, saved.number, "read")).toMatchObject({ ok: true });
    const history = await editorial.history(mai, "article", key);
    expect(history.ok && history.revisions[0]).toMatchObject({ writtenBy: "lan", by: "mai" });
    // Going back to what was reviewed once needs no second person again, and takes nothing from who writes meanwhile.
    const again = await editorial.save(lan, "article", key, `${edited}\n`, saved.number);
    if (!again.ok) throw new Error(again.code);
    expect(await editorial.revert(mai, "article", key, opened.number)).toMatchObject({ ok: true });
    expect(await editorial.open(lan, "article", key)).toMatchObject({
      source: `${edited}\n`,
      state: "draft",
      draftBy: "lan",
      isOvertaken: true,
      publishedSource: opened.source,
    });
    // Flows and rules are words that people read or that decide about them: the same for them.
    for (const [kind, other] of [
      ["flow", "menu"],
      ["rules", "acts"],
      ["service", "services"],
      ["settings", "texts"],
    ] as const) {
      const opened = await editorial.open(lan, kind, other);
      if (!opened.ok) throw new Error(opened.code);
      expect(opened.secondPerson).toBe(true);
      const saved = await editorial.save(lan, kind, other, `${opened.source}\n`, opened.number);
      if (!saved.ok) throw new Error(saved.code);
      expect(await editorial.publish(lan, kind, other, saved.number, "")).toMatchObject({
        code: "second_person",
      });
    }
    // The settings themselves are an administrator's alone: the rule must not lock out the only one.
    const settings = await editorial.open(lan, "settings", "settings");
    if (!settings.ok) throw new Error(settings.code);
    const off = settings.source.replace("review_by_second_person: true", "review_by_second_person: false");
    const saved2 = await editorial.save(lan, "settings", "settings", off, settings.number);
    if (!saved2.ok) throw new Error(saved2.code);
    const editor: Staff = { ...lan, roles: ["editor"] };
    expect(await editorial.publish(editor, "settings", "settings", saved2.number, "")).toMatchObject({
      code: "second_person",
    });
    expect(await editorial.publish(lan, "settings", "settings", saved2.number, "")).toMatchObject({
      ok: true,
    });
    expect(await editorial.unanswered(lan)).toMatchObject({ ok: true, questions: [], groups: [] });
  }, 90_000);
});
