/**
 * `npm run knowledge:learn`: learns what words mean to who asks, from all ways of asking and from what was asked unaided,
 * and writes `knowledge/search/meaning.json` and `meaning-en.json`. The same texts always give the same bytes; `-- --check`
 * proves it. New ways of asking count without it: it is worth its minutes when some thousands have come.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { LANGS } from "../core/message.ts";
import { featureRows } from "../core/retrieval/features.ts";
import { lessonsOf, textsOf } from "../core/retrieval/knowledge-index.ts";
import { dataFor } from "../core/retrieval/lang.ts";
import { learnMeaning } from "../core/retrieval/learn-meaning.ts";
import { MEANING_FILES, storedMeaning } from "../core/retrieval/meaning.ts";
import { measurable } from "./knowledge-files.ts";

const check = process.argv.includes("--check");
const { articles, data } = await measurable(["knowledge"]);
for (const lang of LANGS) {
  const { terms, labels, words } = lessonsOf(textsOf(articles, lang), dataFor(lang, data));
  const learned = learnMeaning(featureRows(terms, labels.unaided.length), labels, words);
  const file = `knowledge/search/${MEANING_FILES[lang]}`;
  const text = `${JSON.stringify(storedMeaning(lang, learned), null, 1)}\n`;
  if (!check) {
    writeFileSync(file, text);
    console.log(`${file}: ${text.length} bytes`);
  } else if (existsSync(file) && readFileSync(file, "utf8") === text) {
    console.log(`${file} is what our texts give`);
  } else {
    console.log(`${file} differs: run npm run knowledge:learn`);
    process.exitCode = 1;
  }
}
