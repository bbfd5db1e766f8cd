/** Completion in the editor: keys and values from the schema, step names from the flow itself. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { isDeep, keysAt, type Schema, valuesAt } from "./schema-walk.ts";
import { placeAt } from "./yaml-place.ts";

/** Fields of a flow whose value names a step. */
const STEP_FIELDS = new Set(["start", "next", "else", "skip", "on_high", "on_emergency"]);

/** The completions for a cursor; null: none here. */
export function completeYaml(
  source: string,
  at: number,
  schema: Schema,
): { from: number; options: Completion[] } | null {
  const { start, end } = yamlPart(source);
  if (at < start || at > end) return null;
  const text = source.slice(start, end);
  const place = placeAt(text, at - start);
  if (!place) return null;
  const from = place.from + start;
  if (place.writing === "value") {
    const field = place.path.at(-1) ?? "";
    const steps = STEP_FIELDS.has(field) ? [...stepNames(text), "end"] : [];
    const values = valuesAt(schema, place.path).map((v) => v.label);
    return { from, options: [...steps, ...values].map((label) => ({ label, type: "constant" })) };
  }
  const options = keysAt(schema, place.path, place.siblings).map((offer): Completion => {
    const deep = isDeep(schema, [...place.path, offer.label]);
    return {
      label: offer.label,
      apply: deep ? `${offer.label}:` : `${offer.label}: `,
      type: "property",
      ...(offer.about ? { info: offer.about } : {}),
      ...(offer.isRequired ? { boost: 1, detail: "*" } : {}),
    };
  });
  const items =
    place.path.at(-1) === "[]"
      ? valuesAt(schema, place.path).map((v): Completion => ({ label: v.label, type: "constant" }))
      : [];
  return { from, options: [...options, ...items] };
}

/** For CodeMirror. */
export function schemaCompletion(schemaOf: () => Schema | null) {
  return (context: CompletionContext): CompletionResult | null => {
    const schema = schemaOf();
    if (!schema) return null;
    const found = completeYaml(context.state.doc.toString(), context.pos, schema);
    if (!found || found.options.length === 0) return null;
    // Without being asked, only where a word has begun or a value is due.
    const before = context.state.sliceDoc(Math.max(0, context.pos - 2), context.pos);
    if (!context.explicit && found.from === context.pos && !before.endsWith(": ")) return null;
    return { from: found.from, options: found.options, validFor: /^[\w.-]*$/ };
  };
}

/** An article's front matter, or the whole text. */
export function yamlPart(source: string): { start: number; end: number } {
  if (!/^---\r?\n/.test(source)) return { start: 0, end: source.length };
  const start = source.indexOf("\n") + 1;
  const end = source.slice(start).search(/^---\s*$/m);
  return { start, end: end < 0 ? source.length : start + end };
}

function stepNames(text: string): string[] {
  const rows = text.split("\n");
  const at = rows.findIndex((row) => /^steps:\s*$/.test(row));
  if (at < 0) return [];
  const names: string[] = [];
  for (const row of rows.slice(at + 1)) {
    if (/^\S/.test(row)) break;
    const name = /^ {2}([a-z][a-z0-9_]*):/.exec(row)?.[1];
    if (name) names.push(name);
  }
  return names;
}
