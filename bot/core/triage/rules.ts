/** The ear's rules as data (`knowledge/risk/*.yaml`): their shape and their joining. */

import { z } from "zod";
import type { Problem } from "../problem.ts";
import { levelSchema } from "../schema.ts";
import { conceptsIn } from "./pattern.ts";

const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "use lower-case letters, digits and _, beginning with a letter");
/** Syllables with marks; `=` before them: only where the marks are typed. */
const phraseSchema = z.string().trim().min(1);

/** How a category answers to circumstances; a rule may say otherwise for itself. Absent: the level stays. */
const circumstances = {
  now: levelSchema.optional().describe("happening now or announced for the next hours"),
  recent: levelSchema.optional().describe("today, last night, these days"),
  past: levelSchema.optional().describe("over: childhood, years ago, a former life"),
  helper: levelSchema.optional().describe("it happens to somebody else whom the writer knows"),
  denied: levelSchema.optional().describe("she says that it is not so"),
  child: levelSchema.optional().describe("the one hurt is a child"),
};

const categorySchema = z.strictObject({
  title: z.strictObject({ vi: z.string().min(1), en: z.string().min(1) }),
  ...circumstances,
});

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "use lower-case letters, digits and hyphens"),
  category: nameSchema,
  level: levelSchema,
  /** A counsellor's words for what was heard. */
  evidence: z.string().min(1),
  /** `<concept>` or plain syllables; `..` up to 3 other syllables between, `...` up to 8; `!` before the part that is denied or dated. */
  patterns: z.array(phraseSchema).min(1),
  ...circumstances,
  /** Only when one of these concepts is somewhere in the message. */
  with: z.array(nameSchema).default([]),
  /** Not when one of these concepts is somewhere in the message. */
  without: z.array(nameSchema).default([]),
  /** Means the writer herself whatever the pattern holds ("cứu em"): a film or the news does not take it away. */
  personal: z.boolean().default(false),
  /** Denial words before it do not deny it ("không muốn sống"). */
  firm: z.boolean().default(false),
  /** What it hears is its own: other rules do not hear the same core words otherwise ("tôi đánh con" is no child's cry). */
  absorbs: z.boolean().default(false),
});

const comboSchema = z.strictObject({
  id: z.string().min(1),
  /** All of these rules or categories were heard, each at least as high as `floor`. */
  all: z.array(z.string().min(1)).min(2),
  floor: levelSchema.default("low"),
  category: nameSchema,
  level: levelSchema,
  evidence: z.string().min(1),
});

const conceptSchema = z.union([
  z.array(phraseSchema).min(1),
  z.strictObject({
    include: z.array(nameSchema).default([]),
    phrases: z.array(phraseSchema).default([]),
  }),
]);

const chanceSchema = z.number().min(0).max(1);
const thresholdSchema = z.strictObject({
  alone: chanceSchema.describe("from this chance on the wording counts where no rule heard anything"),
  beside: chanceSchema.describe("the same where a rule heard something less grave"),
  heard: chanceSchema.describe("from this chance on a rule that says so is believed"),
});
const thresholdsSchema = z.strictObject({
  low: thresholdSchema,
  medium: thresholdSchema,
  high: thresholdSchema,
  emergency: thresholdSchema,
});
/** How probable the model must find each level, or a graver one, before it counts. */
export type Thresholds = Readonly<z.infer<typeof thresholdsSchema>>;

/** One file of rules; every section may be absent. */
export const riskFileSchema = z.strictObject({
  about: z.string().optional(),
  categories: z.record(nameSchema, categorySchema).default({}),
  concepts: z.record(nameSchema, conceptSchema).default({}),
  rules: z.array(ruleSchema).default([]),
  combos: z.array(comboSchema).default([]),
  /** Stands in one file; without them the wording is not listened to. */
  thresholds: thresholdsSchema.optional(),
  /** Concepts whose phrases own their words: inside "con dao" there is no "con", inside "bạn em" no "em". */
  claims: z.array(nameSchema).default([]),
  /** Short and slangy writings → what they may mean, alternatives apart by `|`. */
  typing: z.record(z.string().min(1), z.string().min(1)).default({}),
  /** Emoji, signs and phrases → words, before anything is heard. */
  signs: z.record(z.string().min(1), z.string().min(1)).default({}),
  /** Writings with half of their marks that are no words of their own ("đanh"): the rest was forgotten. */
  half_marked: z.string().optional(),
  /** Frequent words without a tone, which are never a marked word with its mark forgotten. */
  plain_words: z.string().optional(),
  /** Words that a careful writer always marks ("khong"): bare, they show that marks are left out. */
  always_marked: z.string().optional(),
  /** Frequent English words, which are not misspelt Vietnamese. */
  foreign_words: z.string().optional(),
});

export type RiskRules = z.infer<typeof riskFileSchema>;
export type RiskRule = RiskRules["rules"][number];

/** Joins the files of one edition; later files add, and a name that stands twice is a problem. */
export function joinRules(parts: readonly { readonly file: string; readonly rules: RiskRules }[]): {
  rules: RiskRules;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const whole: RiskRules = riskFileSchema.parse({});
  for (const { file, rules } of parts) {
    for (const section of ["categories", "concepts", "typing", "signs"] as const) {
      for (const name of Object.keys(rules[section])) {
        if (name in whole[section])
          problems.push(
            problem(file, `${section}.${name}`, "risk.twice", `"${name}" already stands in another file`),
          );
      }
      Object.assign(whole[section], rules[section]);
    }
    if (rules.thresholds) {
      if (whole.thresholds)
        problems.push(
          problem(file, "thresholds", "risk.twice", `"thresholds" already stands in another file`),
        );
      whole.thresholds = rules.thresholds;
    }
    whole.rules.push(...rules.rules);
    whole.combos.push(...rules.combos);
    whole.claims.push(...rules.claims);
    whole.half_marked = `${whole.half_marked ?? ""} ${rules.half_marked ?? ""}`;
    whole.plain_words = `${whole.plain_words ?? ""} ${rules.plain_words ?? ""}`;
    whole.always_marked = `${whole.always_marked ?? ""} ${rules.always_marked ?? ""}`;
    whole.foreign_words = `${whole.foreign_words ?? ""} ${rules.foreign_words ?? ""}`;
  }
  for (const part of parts) problems.push(...danglingNames(part, whole), ...repeatedIds(part, parts));
  return { rules: whole, problems };
}

function danglingNames(part: { file: string; rules: RiskRules }, whole: RiskRules): Problem[] {
  const problems: Problem[] = [];
  const need = (kind: "concepts" | "categories", name: string, field: string): void => {
    if (!(name in whole[kind]))
      problems.push(problem(part.file, field, "risk.unknown_name", `"${name}" is not among the ${kind}`));
  };
  part.rules.rules.forEach((rule, i) => {
    need("categories", rule.category, `rules.${i}.category`);
    for (const name of [...rule.with, ...rule.without]) need("concepts", name, `rules.${i} (${rule.id})`);
    rule.patterns.forEach((pattern, p) => {
      for (const name of conceptsIn(pattern)) need("concepts", name, `rules.${i}.patterns.${p} (${rule.id})`);
    });
  });
  for (const [name, concept] of Object.entries(part.rules.concepts)) {
    for (const other of Array.isArray(concept) ? [] : concept.include)
      need("concepts", other, `concepts.${name}.include`);
  }
  for (const name of part.rules.claims) need("concepts", name, "claims");
  const known = new Set([...Object.keys(whole.categories), ...whole.rules.map((rule) => rule.id)]);
  part.rules.combos.forEach((combo, i) => {
    for (const name of combo.all) {
      if (!known.has(name))
        problems.push(
          problem(
            part.file,
            `combos.${i}.all`,
            "risk.unknown_name",
            `"${name}" is neither a rule nor a category`,
          ),
        );
    }
  });
  return problems;
}

function repeatedIds(
  part: { file: string; rules: RiskRules },
  parts: readonly { rules: RiskRules }[],
): Problem[] {
  const all = parts.flatMap((p) => p.rules.rules.map((rule) => rule.id));
  return part.rules.rules
    .filter((rule) => all.indexOf(rule.id) !== all.lastIndexOf(rule.id))
    .map((rule) =>
      problem(part.file, `rules (${rule.id})`, "risk.twice", `two rules are called "${rule.id}"`),
    );
}

function problem(file: string, field: string, code: string, message: string): Problem {
  return { code, message, file, field, severity: "error" };
}
