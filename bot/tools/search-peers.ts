/** Other people's search engines, each in the best configuration we know: folded syllables and neighbouring pairs, repaired questions. */

import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { foldKey, markKey, plain, scan } from "../core/retrieval/cut.ts";
import type { Passage } from "../core/retrieval/index.ts";

/** A question made ready for every peer alike: short forms undone and slips repaired. */
export interface ReadyQuestion {
  readonly folded: readonly string[];
  readonly marked: readonly string[];
}

export interface Peer {
  readonly name: string;
  /** Builds; gives a function that ranks passage ids. Throws when the package is not installed. */
  readonly build: (
    passages: readonly Passage[],
  ) => Promise<(question: ReadyQuestion, k: number) => Promise<string[]> | string[]>;
}

/** Packages are looked for here, or where BENCH_PEERS says. */
const load = createRequire(process.env.BENCH_PEERS ?? import.meta.url);
// Peers are foreign code without types of ours: each is used through the few members named at its call.
// biome-ignore lint/suspicious/noExplicitAny: see above
const peerModule = (name: string): any => load(name);

export function rawSyllables(text: string): string[] {
  const found: string[] = [];
  scan(
    plain(text),
    (raw) => {
      found.push(raw);
    },
    () => {},
  );
  return found;
}

const withPairs = (row: readonly string[]): string[] => [
  ...row,
  ...row.slice(1).map((syllable, i) => `${row[i]}_${syllable}`),
];
const tokens = (text: string): string[] => withPairs(rawSyllables(text).map(foldKey));
const asked = (question: ReadyQuestion): string[] => [...new Set(withPairs(question.folded))];

/** Plain BM25 over typed arrays: folded syllables and pairs, heading three times, marked syllables when marks were typed. */
export const plainBm25: Peer = {
  name: "plain BM25",
  build: async (passages) => {
    const folded = bm25(passages, (text) => withPairs(rawSyllables(text).map(foldKey)));
    const marked = bm25(passages, (text) => rawSyllables(text).map(markKey));
    const scores = new Float64Array(passages.length);
    return (question, k) => {
      scores.fill(0);
      folded(asked(question), scores, 1);
      if (question.marked.length > 0) marked([...new Set(question.marked)], scores, 0.5);
      return topIds(scores, passages, k);
    };
  },
};

function bm25(passages: readonly Passage[], cut: (text: string) => string[], k1 = 1.2, b = 0.75) {
  const terms = new Map<string, { at: number[]; times: number[] }>();
  const length = new Float64Array(passages.length);
  passages.forEach((passage, at) => {
    const counts = new Map<string, number>();
    const count = (list: string[], worth: number) => {
      for (const term of list) counts.set(term, (counts.get(term) ?? 0) + worth);
      length[at] = (length[at] ?? 0) + list.length * worth;
    };
    count(cut(passage.text), 1);
    if (passage.title) count(cut(passage.title), 3);
    for (const [term, times] of counts) {
      const list = terms.get(term) ?? { at: [], times: [] };
      list.at.push(at);
      list.times.push(times);
      terms.set(term, list);
    }
  });
  const mean = length.reduce((a, x) => a + x, 0) / passages.length;
  const ready = new Map(
    [...terms].map(([term, { at, times }]) => {
      const idf = Math.log(1 + (passages.length - at.length + 0.5) / (at.length + 0.5));
      const gain = Float32Array.from(times, (tf, i) => {
        const norm = k1 * (1 - b + (b * (length[at[i] ?? 0] ?? 0)) / mean);
        return (idf * tf * (k1 + 1)) / (tf + norm);
      });
      return [term, { at: Uint32Array.from(at), gain }] as const;
    }),
  );
  terms.clear();
  return (wanted: readonly string[], scores: Float64Array, weight: number) => {
    for (const term of wanted) {
      const list = ready.get(term);
      if (!list) continue;
      for (let i = 0; i < list.at.length; i++) {
        const at = list.at[i] ?? 0;
        scores[at] = (scores[at] ?? 0) + weight * (list.gain[i] ?? 0);
      }
    }
  };
}

function topIds(scores: Float64Array, passages: readonly Passage[], k: number): string[] {
  const top: number[] = [];
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0;
    if (score <= 0 || (top.length === k && score <= (scores[top[k - 1] ?? 0] ?? 0))) continue;
    let i = Math.min(top.length, k - 1);
    while (i > 0 && (scores[top[i - 1] ?? 0] ?? 0) < score) {
      top[i] = top[i - 1] ?? 0;
      i--;
    }
    top[i] = at;
  }
  return top.map((at) => passages[at]?.id ?? "");
}

const sqliteFts5: Peer = {
  name: "SQLite FTS5",
  build: async (passages) => {
    const db = new DatabaseSync(":memory:");
    db.exec(
      "CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, title, text, tokenize=\"unicode61 tokenchars '_'\")",
    );
    const put = db.prepare("INSERT INTO passages VALUES (?, ?, ?)");
    db.exec("BEGIN");
    for (const { id, title, text } of passages)
      put.run(id, tokens(title ?? "").join(" "), tokens(text).join(" "));
    db.exec("COMMIT");
    const find = db.prepare(
      "SELECT id FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 0, 3, 1) LIMIT ?",
    );
    return (question, k) => {
      const match = asked(question)
        .map((term) => `"${term}"`)
        .join(" OR ");
      return match === "" ? [] : find.all(match, k).map((row) => String(row.id));
    };
  },
};

const miniSearch: Peer = {
  name: "MiniSearch",
  build: async (passages) => {
    const loaded = peerModule("minisearch");
    const MiniSearch = loaded.default ?? loaded;
    const index = new MiniSearch({
      fields: ["title", "text"],
      tokenize: (text: string) => text.split(" ").filter(Boolean),
      processTerm: (term: string) => term,
      searchOptions: { boost: { title: 3 }, bm25: { k: 1.2, b: 0.75, d: 0 }, combineWith: "OR" },
    });
    index.addAll(
      passages.map(({ title, text }, id) => ({
        id,
        title: tokens(title ?? "").join(" "),
        text: tokens(text).join(" "),
      })),
    );
    return (question, k) =>
      index
        .search(asked(question).join(" "))
        .slice(0, k)
        .map(({ id }: { id: number }) => passages[id]?.id ?? "");
  },
};

const lunrPeer: Peer = {
  name: "lunr",
  build: async (passages) => {
    const lunr = peerModule("lunr");
    const builder = new lunr.Builder();
    builder.field("title", { boost: 3 });
    builder.field("text");
    builder.ref("id");
    builder.tokenizer = (text: string) =>
      text
        .split(" ")
        .filter(Boolean)
        .map((term) => new lunr.Token(term, {}));
    passages.forEach(({ title, text }, id) => {
      builder.add({ id: String(id), title: tokens(title ?? "").join(" "), text: tokens(text).join(" ") });
    });
    const index = builder.build();
    return (question, k) =>
      index
        // biome-ignore lint/suspicious/noExplicitAny: lunr's query builder
        .query((q: any) => {
          for (const term of asked(question)) q.term(term, { usePipeline: false });
        })
        .slice(0, k)
        .map(({ ref }: { ref: string }) => passages[Number(ref)]?.id ?? "");
  },
};

const wink: Peer = {
  name: "wink-bm25",
  build: async (passages) => {
    const engine = peerModule("wink-bm25-text-search")();
    engine.defineConfig({ fldWeights: { title: 3, text: 1 }, bm25Params: { k1: 1.2, b: 0.75, k: 1 } });
    engine.definePrepTasks([(text: string) => text.split(" ").filter(Boolean)]);
    passages.forEach(({ title, text }, id) => {
      engine.addDoc({ title: tokens(title ?? "").join(" ") || "-", text: tokens(text).join(" ") || "-" }, id);
    });
    engine.consolidate();
    return (question, k) =>
      engine.search(asked(question).join(" "), k).map(([id]: [string]) => passages[Number(id)]?.id ?? "");
  },
};

const flexSearch: Peer = {
  name: "FlexSearch",
  build: async (passages) => {
    const loaded = peerModule("flexsearch");
    const Index = loaded.Index ?? loaded.default.Index;
    const index = new Index({
      tokenize: "strict",
      encode: (text: string) => text.split(" ").filter(Boolean),
      resolution: 9,
    });
    passages.forEach(({ title, text }, id) => {
      index.add(id, `${tokens(title ?? "").join(" ")} ${tokens(text).join(" ")}`);
    });
    return (question, k) =>
      index
        .search(asked(question).join(" "), { limit: k, suggest: true })
        .map((id: number) => passages[id]?.id ?? "");
  },
};

const orama: Peer = {
  name: "Orama",
  build: async (passages) => {
    const { create, insertMultiple, search } = peerModule("@orama/orama");
    const db = create({
      schema: { title: "string", text: "string" },
      components: {
        tokenizer: {
          language: "vi",
          normalizationCache: new Map(),
          tokenize: (text: string) => text.split(" ").filter(Boolean),
        },
      },
    });
    await insertMultiple(
      db,
      passages.map(({ title, text }, id) => ({
        id: String(id),
        title: tokens(title ?? "").join(" "),
        text: tokens(text).join(" "),
      })),
    );
    return async (question, k) => {
      const found = await search(db, {
        term: asked(question).join(" "),
        limit: k,
        boost: { title: 3 },
        threshold: 1,
      });
      return found.hits.map(({ id }: { id: string }) => passages[Number(id)]?.id ?? "");
    };
  },
};

const langchain: Peer = {
  name: "LangChain BM25",
  build: async (passages) => {
    const { BM25Retriever } = peerModule("@langchain/community/retrievers/bm25");
    const { Document } = peerModule("@langchain/core/documents");
    const documents = passages.map(
      ({ id, title, text }) =>
        new Document({ pageContent: ` ${tokens(`${title ?? ""} ${text}`).join(" ")} `, metadata: { id } }),
    );
    return async (question, k) => {
      const retriever = BM25Retriever.fromDocuments(documents, { k });
      const found = await retriever.invoke(asked(question).join(" "));
      return found.map(({ metadata }: { metadata: { id: string } }) => metadata.id);
    };
  },
};

export const PEERS: readonly Peer[] = [
  plainBm25,
  sqliteFts5,
  wink,
  lunrPeer,
  miniSearch,
  flexSearch,
  orama,
  langchain,
];
