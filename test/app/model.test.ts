/** The model's adapter over real HTTP against an OpenAI-compatible stand-in: every failure is a value, and in time. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noModel } from "../../bot/adapters/model/none.ts";
import { openaiModel } from "../../bot/adapters/model/openai.ts";
import { openVectorFile } from "../../bot/adapters/model/vector-file.ts";
import { freePort } from "../servers.ts";

const KEY = "a-key-of-the-test-only";

describe("the model behind an OpenAI-compatible address", () => {
  const mock = new LLMock({ port: 0 });
  const ask = (timeoutMs = 3_000) => model().complete({ system: "shorten", user: "{}", timeoutMs });
  const model = () =>
    openaiModel({ baseUrl: `${mock.url}/v1`, apiKey: KEY, model: "small", embeddingModel: "near" });

  beforeAll(() => mock.start());
  afterAll(() => mock.stop());
  beforeEach(() => {
    mock.reset();
  });

  it("gives the whole text and sends what it was asked, with the key", async () => {
    mock.on({}, { content: "Chủ tịch xã có 12 giờ. [1]" });
    expect(await ask()).toEqual({ ok: true, text: "Chủ tịch xã có 12 giờ. [1]" });
    const body = mock.getLastRequest()?.body as {
      messages: { role: string; content: string }[];
      temperature: number;
      model: string;
    };
    expect(body).toMatchObject({
      model: "small",
      temperature: 0,
      messages: [
        { role: "system", content: "shorten" },
        { role: "user", content: "{}" },
      ],
    });
  });

  it.each([
    [401, "refused"],
    [429, "refused"],
    [404, "refused"],
    [408, "timeout"],
    [500, "broken"],
    [503, "broken"],
  ] as const)("says what %i means, and asks once only", async (status, code) => {
    mock.on({}, { error: { message: "secret words" }, status });
    expect(await ask()).toEqual({ ok: false, code });
    expect(mock.getRequests()).toHaveLength(1);
  });

  it("ends in time when the server is slow to begin, or slow in the middle", async () => {
    mock.on({}, { content: "Chủ tịch xã có 12 giờ." }, { latency: 20_000 });
    const started = Date.now();
    expect(await ask(400)).toEqual({ ok: false, code: "timeout" });
    mock.reset();
    mock.on(
      {},
      { content: "Chủ tịch xã có mười hai giờ để quyết định." },
      { chunkSize: 2, streamingProfile: { ttft: 0, tps: 2 } },
    );
    expect(await ask(400)).toEqual({ ok: false, code: "timeout" });
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it("takes no part of a stream that was cut off", async () => {
    mock.on(
      {},
      { content: "Bạn không phải chịu một mình. Chủ tịch xã có 12 giờ." },
      { chunkSize: 5, truncateAfterChunks: 3 },
    );
    expect(await ask()).toEqual({ ok: false, code: "broken" });
    mock.reset();
    mock.on({}, { content: "Chủ tịch xã có 12 giờ.", finishReason: "length" });
    expect(await ask()).toEqual({ ok: false, code: "broken" });
  });

  it("takes no part of a text without end", async () => {
    mock.on({}, { content: "giờ ".repeat(5_000) }, { chunkSize: 500 });
    expect(await ask()).toEqual({ ok: false, code: "broken" });
  });

  it("says that nobody is there, or that the answer is no answer", async () => {
    const nobody = openaiModel({ baseUrl: `http://127.0.0.1:${await freePort()}/v1`, model: "small" });
    expect(await nobody.complete({ system: "", user: "", timeoutMs: 3_000 })).toEqual({
      ok: false,
      code: "broken",
    });
    mock.on({}, { content: "x" }, { chaos: { malformedRate: 1 } });
    expect(await ask()).toMatchObject({ ok: false });
    mock.reset();
    mock.on({}, { content: "" });
    const empty = await ask();
    expect(empty.ok ? empty.text : empty.code).toMatch(/^(|broken)$/);
  });

  it("is masked by its key and never traced elsewhere", async () => {
    process.env.LANGSMITH_TRACING = "true";
    mock.on({}, { content: "x" });
    await ask();
    expect(process.env.LANGSMITH_TRACING).toBeUndefined();
    expect(model().secrets).toEqual([KEY]);
    expect(model().host).toBe(new URL(mock.url).host);
  });

  it("embeds texts in order, and says when it cannot", async () => {
    mock.onEmbedding("mot", { embedding: [1, 0, 0] });
    mock.onEmbedding("hai", { embedding: [0, 1, 0] });
    const got = await model().embed(["mot"], 3_000);
    expect(got.ok && [...(got.vectors[0] ?? [])]).toEqual([1, 0, 0]);
    mock.reset();
    mock.onEmbedding(/./, { embedding: [1, 0] }, { chaos: { latencyMs: 5_000 } });
    expect(await model().embed(["hai"], 300)).toEqual({ ok: false, code: "timeout" });
    mock.reset();
    mock.onEmbedding(/./, { error: { message: "no" }, status: 429 });
    expect(await model().embed(["hai"], 3_000)).toEqual({ ok: false, code: "refused" });
  });
});

describe("no model", () => {
  it("is never there", async () => {
    expect(await noModel().complete({ system: "", user: "", timeoutMs: 1 })).toEqual({
      ok: false,
      code: "not_configured",
    });
    expect(await noModel().embed([], 1)).toEqual({ ok: false, code: "not_configured" });
    const half = openaiModel({ baseUrl: "http://127.0.0.1:1/v1", embeddingModel: "near" });
    expect(await half.complete({ system: "", user: "", timeoutMs: 1 })).toEqual({
      ok: false,
      code: "not_configured",
    });
  });
});

describe("the vectors' file", () => {
  it("keeps vectors by text and model, for the owner only, and passes over what is broken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ben-an-vectors-"));
    const path = join(folder, "deeper", "vectors");
    try {
      const vector = Float32Array.from([0.25, -1, 3]);
      await openVectorFile(path, "near").put([{ text: "một bài", vector }]);
      expect(await openVectorFile(path, "near").get("một bài")).toEqual(vector);
      expect(await openVectorFile(path, "other").get("một bài")).toBeNull();
      expect(await openVectorFile(path, "near").get("bài khác")).toBeNull();
      expect(readFileSync(path, "utf8")).not.toContain("bài");
      expect(statSync(path).mode & 0o077).toBe(0);
      writeFileSync(path, `half a line\n\n${readFileSync(path, "utf8")}cut`);
      expect(await openVectorFile(path, "near").get("một bài")).toEqual(vector);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("serves as long as the service runs where its folder cannot be written, as in containers", async () => {
    const shelf = openVectorFile("/proc/nowhere/vectors", "near");
    const vector = Float32Array.from([0.25]);
    await shelf.put([{ text: "một bài", vector }]);
    expect(await shelf.get("một bài")).toEqual(vector);
  });
});
