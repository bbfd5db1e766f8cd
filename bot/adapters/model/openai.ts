/** A language model and embeddings behind an OpenAI-compatible address, through LangChain; loaded when first needed. */

import type { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import type { Model, Unavailable } from "../../ports/model.ts";

export interface OpenaiSettings {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly model?: string;
  readonly embeddingModel?: string;
}

/** A shortening is shorter than this; a model that talks on is cut off and its text refused. */
const MAX_TOKENS = 600;
/** Stops reading a stream that does not end. */
const MAX_CHARACTERS = 8_000;
/** A request for embeddings that we no longer wait for is given up at the latest now. */
const MAX_EMBED_MS = 30_000;
/** LangChain would send every prompt to a tracing service if one of these were set: nothing of hers goes there. */
const TRACING = [
  "LANGSMITH_TRACING",
  "LANGSMITH_TRACING_V2",
  "LANGCHAIN_TRACING",
  "LANGCHAIN_TRACING_V2",
  "LANGCHAIN_VERBOSE",
];

/** Every failure is a value; nothing of what is asked or answered is logged or kept. */
export function openaiModel(settings: OpenaiSettings): Model {
  const { baseUrl, apiKey, model, embeddingModel } = settings;
  const shared = { apiKey: apiKey ?? "none", maxRetries: 0, configuration: { baseURL: baseUrl } };
  let library: Promise<typeof import("@langchain/openai")> | undefined;
  const load = () => {
    for (const name of TRACING) delete process.env[name];
    library ??= import("@langchain/openai");
    return library;
  };
  let chat: ChatOpenAI | undefined;
  let embeddings: OpenAIEmbeddings | undefined;

  return {
    secrets: apiKey ? [apiKey] : [],
    host: new URL(baseUrl).host,
    can: { complete: model !== undefined, embed: embeddingModel !== undefined },
    async warm() {
      await load().catch(() => {});
    },
    async complete({ system, user, timeoutMs }) {
      if (!model) return { ok: false, code: "not_configured" };
      return within(timeoutMs, async (signal) => {
        const { ChatOpenAI } = await load();
        chat ??= new ChatOpenAI({
          ...shared,
          model,
          temperature: 0,
          maxTokens: MAX_TOKENS,
          streamUsage: false,
          verbose: false,
          useResponsesApi: false,
        });
        let text = "";
        let finished = "";
        const pieces = await chat.stream(
          [
            ["system", system],
            ["human", user],
          ],
          { signal },
        );
        for await (const piece of pieces) {
          text += piece.text;
          finished = String(piece.response_metadata.finish_reason ?? finished);
          if (text.length > MAX_CHARACTERS) return { ok: false, code: "broken" };
        }
        // A stream that was cut off ends like one that is done, but for this word; half a sentence may mislead.
        return finished === "stop" ? { ok: true, text } : { ok: false, code: "broken" };
      });
    },
    async embed(texts, timeoutMs) {
      if (!embeddingModel) return { ok: false, code: "not_configured" };
      return within(timeoutMs, async () => {
        const { OpenAIEmbeddings } = await load();
        embeddings ??= new OpenAIEmbeddings({
          ...shared,
          model: embeddingModel,
          timeout: MAX_EMBED_MS,
          encodingFormat: "float",
          stripNewLines: false,
        });
        const rows = await embeddings.embedDocuments([...texts]);
        const vectors = rows.map((row) => Float32Array.from(row));
        const size = vectors[0]?.length ?? 0;
        const sound =
          vectors.length === texts.length &&
          size > 0 &&
          vectors.every((v) => v.length === size && v.every(Number.isFinite));
        return sound ? { ok: true, vectors } : { ok: false, code: "broken" };
      });
    },
  };
}

/** Ends in time whatever the server does, and turns every throw into a code. */
async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T | Unavailable>,
): Promise<T | Unavailable> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unavailable>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, code: "timeout" });
      abort.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(abort.signal).catch((error: unknown) => unavailable(error)), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Only the status counts: a message may quote what was asked. */
function unavailable(error: unknown): Unavailable {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (typeof status === "number" && status >= 400 && status < 500)
    return { ok: false, code: status === 408 ? "timeout" : "refused" };
  return { ok: false, code: error instanceof Error && /timeout/i.test(error.name) ? "timeout" : "broken" };
}
