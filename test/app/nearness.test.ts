/** Embeddings reorder what the words found, and their loss costs nothing but their help. */

import { describe, expect, it } from "vitest";
import { noModel } from "../../bot/adapters/model/none.ts";
import { makeNearness } from "../../bot/app/nearness.ts";
import type { Model, VectorShelf } from "../../bot/ports/model.ts";
import { repositoryBase } from "../world.ts";

const found = [
  { id: "a#1", heading: "A", text: "một", score: 10 },
  { id: "b#1", heading: "B", text: "hai", score: 9 },
  { id: "c#1", heading: "C", text: "ba", score: 5 },
];
const directions: Readonly<Record<string, readonly number[]>> = {
  "A\nmột": [1, 0],
  "B\nhai": [0, 1],
  "C\nba": [0.1, 1],
  "hỏi b": [0, 1],
};

function shelfOf(entries: Readonly<Record<string, readonly number[]>> = directions) {
  const map = new Map<string, Float32Array>(
    Object.entries(entries).map(([text, v]) => [text, Float32Array.from(v)]),
  );
  const shelf: VectorShelf = {
    get: async (text) => map.get(text) ?? null,
    put: async (more) => {
      for (const { text, vector } of more) map.set(text, vector);
    },
  };
  return { shelf, map };
}

function embedder(embed: Model["embed"]): Model {
  return { ...noModel(), can: { complete: false, embed: true }, embed };
}

async function nearnessWith(embed: Model["embed"], shelf = shelfOf().shelf, enabled = true) {
  const { settings, ...rest } = await repositoryBase();
  const base = { ...rest, settings: { ...settings, model: { ...settings.model, enabled } } };
  const library = { base: () => base } as unknown as Parameters<typeof makeNearness>[0]["library"];
  return makeNearness({ model: embedder(embed), library, log: () => {} }, shelf);
}

const vectorsOf: Model["embed"] = async (texts) => ({
  ok: true,
  vectors: texts.map((t) => Float32Array.from(directions[t] ?? [1, 1])),
});
const ids = (passages: readonly { id: string }[]) => passages.map((p) => p.id);

describe("nearness", () => {
  it("puts what is meant before what merely has the words, by both scores", async () => {
    const nearness = await nearnessWith(vectorsOf);
    expect(ids(await nearness.order("hỏi b", found, 700))).toEqual(["b#1", "a#1", "c#1"]);
  });

  it.each<[string, Model["embed"]]>([
    ["is away", async () => ({ ok: false, code: "timeout" })],
    ["gives vectors of another size", async () => ({ ok: true, vectors: [Float32Array.from([1, 2, 3])] })],
    ["gives none", async () => ({ ok: true, vectors: [] })],
  ])("keeps the words' order when the model %s", async (_, embed) => {
    expect(ids(await (await nearnessWith(embed)).order("hỏi b", found, 700))).toEqual(["a#1", "b#1", "c#1"]);
  });

  it("keeps the words' order for passages that are not embedded yet", async () => {
    const nearness = await nearnessWith(vectorsOf, shelfOf({ "A\nmột": [1, 0] }).shelf);
    expect(ids(await nearness.order("hỏi b", found, 700))).toEqual(["a#1", "b#1", "c#1"]);
  });

  it("learns our own texts, each once, in both languages", async () => {
    const asked: string[] = [];
    const { shelf, map } = shelfOf({});
    const nearness = await nearnessWith(async (texts) => {
      asked.push(...texts);
      return { ok: true, vectors: texts.map(() => Float32Array.from([1, 2])) };
    }, shelf);
    while ((await nearness.learn()) > 0);
    const base = await repositoryBase();
    const passages = [...base.articles.values()].flatMap((a) => a.passages);
    expect(new Set(asked).size).toBe(asked.length);
    expect(map.size).toBe(asked.length);
    expect(asked.length).toBeGreaterThan(passages.length);
    expect(asked).toContain(`${passages[0]?.heading.vi}\n${passages[0]?.text.vi}`);
  });

  it("sends nothing, our own texts neither, while the model is switched off", async () => {
    const asked: string[] = [];
    const embed: Model["embed"] = async (texts) => {
      asked.push(...texts);
      return vectorsOf(texts, 0);
    };
    const nearness = await nearnessWith(embed, shelfOf({}).shelf, false);
    expect([await nearness.learn(), asked]).toEqual([0, []]);
  });
});
