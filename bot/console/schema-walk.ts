/** Walks a JSON Schema by a path of keys: which keys and values may stand there. */

/** The part of JSON Schema that zod writes. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly required?: readonly string[];
}

export interface Offer {
  readonly label: string;
  readonly about: string;
  readonly isRequired: boolean;
}

/** Every alternative that may stand at the path. */
export function schemasAt(root: Schema, path: readonly string[]): readonly Schema[] {
  let here = alternatives(root, root);
  for (const key of path) {
    here = here.flatMap((schema) => {
      const next =
        key === "[]"
          ? asSchema(schema.items)
          : (schema.properties?.[key] ?? asSchema(schema.additionalProperties));
      return next ? alternatives(root, next) : [];
    });
  }
  return here;
}

/** Keys that may be added to a mapping that has `siblings`: only of the alternatives that these still fit. */
export function keysAt(root: Schema, path: readonly string[], siblings: readonly string[]): readonly Offer[] {
  const all = schemasAt(root, path).filter((s) => s.properties);
  const fitting = all.filter((s) => siblings.every((key) => key in (s.properties ?? {})));
  const offers = new Map<string, Offer>();
  for (const schema of fitting.length > 0 ? fitting : all) {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      if (siblings.includes(key) || offers.has(key)) continue;
      const about =
        alternatives(root, inner).find((s) => s.description)?.description ?? inner.description ?? "";
      offers.set(key, { label: key, about, isRequired: schema.required?.includes(key) ?? false });
    }
  }
  return [...offers.values()];
}

/** Values that are named: of a list, constants, yes and no. */
export function valuesAt(root: Schema, path: readonly string[]): readonly Offer[] {
  const values = new Set<string>();
  for (const schema of schemasAt(root, path)) {
    for (const one of schema.enum ?? []) values.add(String(one));
    if (schema.const !== undefined) values.add(String(schema.const));
    if (schema.type === "boolean") {
      values.add("true");
      values.add("false");
    }
  }
  return [...values].map((label) => ({ label, about: "", isRequired: false }));
}

/** Does a text stand here, or something deeper? Decides what is written after a key. */
export function isDeep(root: Schema, path: readonly string[]): boolean {
  return schemasAt(root, path).some((s) => s.properties || s.items || asSchema(s.additionalProperties));
}

function asSchema(schema: Schema | boolean | undefined): Schema | undefined {
  return typeof schema === "object" ? schema : undefined;
}

/** Follows references and unions; circles end because each reference is followed once. */
function alternatives(
  root: Schema,
  schema: Schema,
  seen: ReadonlySet<string> = new Set(),
): readonly Schema[] {
  if (schema.$ref) {
    if (seen.has(schema.$ref)) return [];
    const target = schema.$ref
      .replace(/^#\/?/, "")
      .split("/")
      .filter(Boolean)
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], root);
    return target ? alternatives(root, target as Schema, new Set([...seen, schema.$ref])) : [];
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const own =
    schema.properties || schema.items || schema.enum || schema.const !== undefined || schema.type
      ? [schema]
      : [];
  return [...own, ...inner.flatMap((one) => alternatives(root, one, seen))];
}
