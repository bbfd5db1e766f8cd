/** JSON Schemas of all Bot API methods, made from `@grammyjs/types`, and a second opinion read from `@gramio/types`. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

const require = createRequire(import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: version 5 is nested in the generator's folder, where no type import reaches it
type TypeScript = any;

export interface MethodSchemas {
  /** All methods that `@grammyjs/types` knows. */
  readonly methods: ReadonlySet<string>;
  /** Method → parameter names, from `@gramio/types`, which is machine-made from Telegram's own page. */
  readonly second: Readonly<Record<string, readonly string[]>>;
  /** What is wrong with a call, in words; empty: nothing. Unknown fields are wrong. */
  check(method: string, params: unknown): readonly string[];
}

let made: MethodSchemas | undefined;

/** Makes the schemas (some seconds the first time, then from a cache that is keyed by both packages' versions). */
export function methodSchemas(): MethodSchemas {
  made ??= build();
  return made;
}

interface Cached {
  readonly schema: { readonly definitions: Record<string, unknown> };
  readonly second: Record<string, string[]>;
}

function build(): MethodSchemas {
  const { schema, second } = cached();
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajv.addSchema(schema, "bot-api");
  const methods = new Set(
    Object.keys(schema.definitions)
      .filter((name) => name.startsWith("Args_"))
      .map((name) => name.slice("Args_".length)),
  );
  const validators = new Map<string, ValidateFunction>();
  return {
    methods,
    second,
    check(method, params) {
      if (!methods.has(method)) return [`@grammyjs/types has no method ${method}`];
      const validate = validators.get(method) ?? ajv.compile({ $ref: `bot-api#/definitions/Args_${method}` });
      validators.set(method, validate);
      const faults = validate(params)
        ? []
        : (validate.errors ?? []).map((e) =>
            `${e.instancePath} ${e.message ?? ""} ${JSON.stringify(e.params)}`.trim(),
          );
      return [...faults, ...secondOpinion(second, method, params)];
    },
  };
}

function secondOpinion(second: Cached["second"], method: string, params: unknown): readonly string[] {
  const names = second[method];
  if (!names) return [`@gramio/types has no method ${method}`];
  return Object.keys(params ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => `@gramio/types has no parameter ${name} of ${method}`);
}

function cached(): Cached {
  const versions = ["@grammyjs/types", "@gramio/types", "ts-json-schema-generator"].map(
    (name) => manifest(name).version,
  );
  const self = readFileSync(new URL(import.meta.url));
  const key = createHash("sha256").update(versions.join()).update(self).digest("hex").slice(0, 16);
  const file = join(tmpdir(), `bot-api-schema-${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const fresh: Cached = { schema: generate(), second: readSecond() };
  // Several test files may make it at once: each writes its own and the last rename wins, whole.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(fresh));
  renameSync(`${file}.${process.pid}`, file);
  return fresh;
}

function folderOf(name: string): string {
  // Packages of types only have no entry that Node could resolve; their manifest can be found.
  for (const base of require.resolve.paths(name) ?? []) {
    if (existsSync(join(base, name, "package.json"))) return join(base, name);
  }
  throw new Error(`${name} is not installed`);
}

function manifest(name: string): { version: string } {
  return JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8"));
}

/** TypeScript 5, which the generator brings along: version 7 has no API to read types with. */
function typescript(): TypeScript {
  const generator = createRequire(join(folderOf("ts-json-schema-generator"), "package.json"));
  return generator("typescript");
}

/** One type per method is written beside copies of the declarations, because the generator cannot follow `Parameters<…>`. */
function generate(): Cached["schema"] {
  const ts = typescript();
  const types = folderOf("@grammyjs/types");
  const folder = join(tmpdir(), `bot-api-types-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const source = ts.sys.readFile(join(types, "methods.d.ts")) ?? "";
    for (const file of ts.sys.readDirectory(types, [".d.ts"], undefined, ["*.d.ts"])) {
      writeFileSync(join(folder, file.slice(dirname(file).length + 1)), ts.sys.readFile(file) ?? "");
    }
    const root = join(folder, "args.d.ts");
    writeFileSync(root, argumentTypes(ts, source));
    const generator = require("ts-json-schema-generator");
    return generator
      .createGenerator({
        path: root,
        type: "*",
        skipTypeCheck: true,
        functions: "hide",
        additionalProperties: false,
      })
      .createSchema("*");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `ApiMethods<F>` → `export type Args_<method> = …`, with F (a file) as a string. */
function argumentTypes(ts: TypeScript, text: string): string {
  const source = ts.createSourceFile("methods.d.ts", text, ts.ScriptTarget.Latest, true);
  const out: string[] = ["type F = string;"];
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === "ApiMethods") {
      if (!ts.isTypeLiteralNode(statement.type)) throw new Error("ApiMethods is no longer a type literal");
      for (const member of statement.type.members) {
        if (!ts.isMethodSignature(member)) continue;
        const type = member.parameters[0]?.type?.getText(source) ?? "{}";
        out.push(`export type Args_${member.name.getText(source)} = ${type};`);
      }
    } else if (!/Parameters<|Opts</.test(statement.getText(source))) {
      out.push(statement.getText(source));
    }
  }
  return out.join("\n");
}

/** Method → parameter names, through the type checker, so that intersections and aliases are followed. */
function readSecond(): Cached["second"] {
  const ts = typescript();
  const file = join(folderOf("@gramio/types"), "out", "params.d.ts");
  const program = ts.createProgram([file], { skipLibCheck: true, noLib: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error("@gramio/types has no out/params.d.ts any more");
  const second: Record<string, string[]> = {};
  for (const symbol of checker.getExportsOfModule(module)) {
    const name = symbol.name.replace(/Params$/, "");
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    second[name.charAt(0).toLowerCase() + name.slice(1)] = checker
      .getPropertiesOfType(type)
      .map((p: { name: string }) => p.name);
  }
  // Methods without parameters have no Params type; their names stand in methods.d.ts.
  const methods = ts.sys.readFile(join(folderOf("@gramio/types"), "out", "methods.d.ts")) ?? "";
  for (const [, name] of methods.matchAll(/^ {4}(\w+): CallAPI/gm)) if (name) second[name] ??= [];
  return second;
}
