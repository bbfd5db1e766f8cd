/** The ear itself: text → level and reasons. Rules say what was said; circumstances (who, when, denied, film) say how grave. */

import { atLeast, higher, type Level, type Reason, rank, WORDING } from "../level.ts";
import { type Compiled, compile } from "./compile.ts";
import type { Ear, Heard } from "./ear.ts";
import { type Finder, makeFinder } from "./features.ts";
import { type Listener, makeListener } from "./listen.ts";
import { type Fit, findConcepts, findFits, firstFrom, type Scene, type Span } from "./match.ts";
import { CUTS, type LinearModel, probabilities } from "./model.ts";
import type { RiskRules, Thresholds } from "./rules.ts";

/** A fact heard, after its circumstances were weighed. */
export interface Fact {
  readonly rule: string;
  readonly category: string;
  readonly level: Level;
  readonly evidence: string;
  /** Said of her own world: neither denied nor part of a film; a combination may build on it. */
  readonly stands: boolean;
  /** Plainly her own life, by her own hand: no wording makes a mere question of it. */
  readonly ownLife: boolean;
}

const SILENCE: Heard = { level: "none", reasons: [] };
/** How many messages before this one may belong to the same disclosure. */
const TURNS_BEFORE = 5;
/** Old messages count only by their ends, so that a long one does not slow every later one. */
const LONGEST_BEFORE = 600;

/**
 * Makes the ear of one edition of the rules. Built once; then each message costs microseconds. Without a model, or
 * without the rules' thresholds, it hears by the rules alone.
 */
export function makeEar(rules: RiskRules, model?: LinearModel): Ear {
  const compiled = compile(rules);
  const listener = makeListener(rules, compiled.vocabulary);
  const { thresholds } = rules;
  const judge = model && thresholds && { model, thresholds, find: makeFinder(compiled, model.buckets) };
  const byRules = (text: string) => ruled(text, compiled, listener);
  /**
   * "Em uống thuốc ngủ rồi =))" may be a joke and may be none: who speaks of her own death is asked, laughing or not, and no
   * card comes over what may be one.
   */
  const masked = (text: string, heard: Heard): Heard => {
    if (atLeast(heard.level, "medium")) return heard;
    const plain = text.replace(LAUGHTER, " ");
    if (plain === text) return heard;
    const serious = assess(byRules(plain), judge);
    const reasons = serious.reasons.filter(({ category }) => BY_OWN_HAND.has(category));
    return atLeast(serious.level, "high") && reasons.length > 0 ? { level: "medium", reasons } : heard;
  };
  return (text, before = []) => {
    if (text.trim() === "") return SILENCE;
    const alone = masked(text, assess(byRules(text), judge));
    const earlier = before.slice(-TURNS_BEFORE).map((turn) => turn.slice(-LONGEST_BEFORE));
    if (earlier.length === 0 || alone.level === "emergency") return alone;
    const heard = byRules(`${earlier.join(" , ")} , ${text}`);
    // Pieces of a talk put together resemble much; it takes a rule to say that they belong together, and how grave they are.
    if (rank(heard.byRules) <= rank(alone.level)) return alone;
    const together = assess(heard, judge);
    if (rank(together.level) <= rank(alone.level)) return alone;
    // What was said before has been counted; only what this message adds to it may raise.
    if (rank(heard.byRules) <= rank(byRules(earlier.join(" , ")).byRules)) return alone;
    return rank(together.level) <= rank(heard.byRules)
      ? together
      : { level: heard.byRules, reasons: reasonsOf(heard.facts) };
  };
}

/** ":))", "=)))", "haha", "kkk", "hihi": laughter, which many put behind what is no joke. */
const LAUGHTER =
  /[=:;x]{1,3}['"^-]{0,2}\)+|:[dp]\b|\b(?:ha|hi|he|hj|kk)(?:ha|hi|he|hj|k)+\b|\blo+l\b|\p{Emoji_Presentation}/giu;
/** What somebody may do to herself. */
const BY_OWN_HAND: ReadonlySet<string> = new Set(["suicide", "self_harm"]);

/** The model with its finder, made once. */
interface Judge {
  readonly model: LinearModel;
  readonly thresholds: Thresholds;
  readonly find: Finder;
}

/** What the rules hear in a text, and the highest level of it. */
interface Ruled {
  readonly scene: Scene;
  readonly facts: readonly Fact[];
  readonly byRules: Level;
}

function ruled(text: string, compiled: Compiled, listener: Listener): Ruled {
  const { scene, facts } = hearRules(text, compiled, listener);
  return { scene, facts, byRules: facts.reduce<Level>((level, fact) => higher(level, fact.level), "none") };
}

function assess({ scene, facts, byRules }: Ruled, judge?: Judge): Heard {
  if (!judge) return { level: byRules, reasons: reasonsOf(facts) };
  const level = kept(judged(judge, scene, facts, byRules), facts);
  if (level === "none") return SILENCE;
  const reasons = reasonsOf(facts);
  return rank(level) > rank(byRules) || reasons.length === 0
    ? // What was told comes first: a card has room for few reasons, and this one says nothing of her.
      { level, reasons: [...reasons, { category: WORDING, evidence: MODEL_EVIDENCE }] }
    : { level, reasons };
}

/**
 * "Em muốn chết, cho em hỏi gọi số nào" asks and tells. What sounds like another world altogether ("none") is left to the
 * wording.
 */
function kept(level: Level, facts: readonly Fact[]): Level {
  const tells = ({ ownLife, level }: Fact) => ownLife && atLeast(level, "medium");
  return level === "low" && facts.some(tells) ? "medium" : level;
}

/** A message of more syllables is judged piece by piece, each half over the one before. */
const LONG = 120;

/** In a long message the wording around a danger says little about it, so there what a rule heard always stands. */
function judged(
  { model, thresholds, find }: Judge,
  scene: Scene,
  facts: readonly Fact[],
  byRules: Level,
): Level {
  const length = scene.tokens.length;
  if (length <= LONG)
    return believed(thresholds, probabilities(model, find(scene, facts, 0, length)), byRules);
  let level = byRules;
  for (let from = 0; from < length; from += LONG / 2) {
    const chances = probabilities(model, find(scene, [], from, Math.min(from + LONG, length)));
    level = higher(level, believed(thresholds, chances, "none"));
  }
  return level;
}

/**
 * The highest level that the wording makes probable by itself, or that a rule heard and the wording does not belie.
 * `chances`: how probable at least low, medium, high and emergency are.
 */
export function believed(thresholds: Thresholds, chances: readonly number[], byRules: Level): Level {
  return CUTS.reduce<Level>((level, cut, i) => {
    const { alone, beside, heard } = thresholds[cut];
    const needed = atLeast(byRules, cut) ? heard : byRules === "none" ? alone : beside;
    return (chances[i] ?? 0) >= needed ? cut : level;
  }, "none");
}

const MODEL_EVIDENCE = "cách nói giống những tin nhắn nguy hiểm, cần người đọc lại";

/** What the rules hear, with the scene that the model looks at too. */
export function hearRules(
  text: string,
  compiled: Compiled,
  listener: Listener,
): { scene: Scene; facts: Fact[] } {
  const scene = findConcepts(listener.tokens(text), compiled, listener);
  const look = lookout(scene, compiled);
  const fits = findFits(scene, compiled);
  const own = ownedTokens(fits.filter((fit) => fit.pattern.rule.absorbs && !isHeld(fit, look)));
  const weighed = fits
    .filter((fit) => fit.pattern.rule.absorbs || !own.has(coreOf(fit).from))
    .map((fit) => weigh(fit, compiled, look));
  const heard = weighed.filter((fact) => fact.level !== "none");
  return { scene, facts: [...heard, ...combine(heard, weighed, compiled.rules)] };
}

/** Answers "does this concept stand here?" by name. */
interface Lookout {
  spans(name: string): readonly Span[];
  has(name: string): boolean;
  /** Does the concept end before token `from`, at most `within` syllables away, in the same sentence? */
  before(name: string, from: number, within: number): boolean;
  /** Does the concept begin at or after token `to`, at most `within` syllables away? */
  after(name: string, to: number, within: number): boolean;
  inSentence(name: string, token: number): boolean;
}

function lookout(scene: Scene, compiled: Compiled): Lookout {
  const { tokens } = scene;
  const none: readonly Span[] = [];
  const spans = (name: string): readonly Span[] => {
    const concept = compiled.byName.get(name);
    return (concept !== undefined && scene.spans.get(concept)) || none;
  };
  const place = (token: number): number => tokens[token]?.at ?? 0;
  return {
    spans,
    has: (name) => spans(name).length > 0,
    before(name, from, within) {
      const list = spans(name);
      for (let i = firstFrom(list, from) - 1; i >= 0; i--) {
        const span = list[i];
        if (!span || place(from) - place(span.to - 1) - 1 > within) return false;
        if (span.to <= from && tokens[span.from]?.sentence === tokens[from]?.sentence) return true;
      }
      return false;
    },
    after(name, to, within) {
      const list = spans(name);
      const span = list[firstFrom(list, to)];
      return span !== undefined && place(span.from) - place(to - 1) - 1 <= within;
    },
    inSentence(name, token) {
      const sentence = tokens[token]?.sentence;
      return spans(name).some((span) => tokens[span.from]?.sentence === sentence);
    },
  };
}

const DENIAL_REACH = 2;
/** "đang bị nó đánh": how far before its verb the time word may stand. */
const TENSE_REACH = 3;
const TIME_REACH = 7;
const SUBJECT_REACH = 3;

/** What surrounds one fit. */
interface Circumstances {
  readonly denied: boolean;
  readonly fiction: boolean;
  readonly helper: boolean;
  readonly child: boolean;
  readonly past: boolean;
  readonly now: boolean;
  readonly recent: boolean;
  readonly joke: boolean;
  readonly asked: boolean;
}

/** Where rules that absorb have their core. */
function ownedTokens(fits: readonly Fit[]): ReadonlySet<number> {
  return new Set(fits.map((fit) => coreOf(fit).from));
}

/** Do the surroundings that the rule names forbid it? */
function isHeld(fit: Fit, look: Lookout): boolean {
  const { rule } = fit.pattern;
  return rule.with.some((name) => !look.has(name)) || rule.without.some((name) => look.has(name));
}

function coreOf(fit: Fit): Span {
  return fit.parts[fit.pattern.core] ?? { from: 0, to: 1 };
}

function weigh(fit: Fit, compiled: Compiled, look: Lookout): Fact {
  const { rule } = fit.pattern;
  const held = isHeld(fit, look);
  const around = circumstances(fit, compiled, look);
  const { level, note } = held ? { level: "none" as const, note: "" } : gravity(fit, around, compiled.rules);
  return {
    rule: rule.id,
    category: rule.category,
    level,
    evidence: rule.evidence + note,
    stands: !held && !around.denied && !around.fiction,
    ownLife: !held && OWN_LIFE.has(rule.category) && isPlainlyHers(around, coreOf(fit), look),
  };
}

/** Not data: an older build that starts beside a newer one reads no new key of a category, and would hear without all of them. */
const OWN_LIFE: ReadonlySet<string> = new Set(["suicide", "death_wish", "self_harm"]);

/** No word of denial stands before it, however far, and nothing says that it is somebody else's, over, a joke or a question. */
function isPlainlyHers(
  { denied, fiction, helper, past, joke, asked }: Circumstances,
  core: Span,
  look: Lookout,
): boolean {
  if (denied || fiction || helper || past || joke || asked) return false;
  return !look.before("neg_far", core.from, Number.POSITIVE_INFINITY);
}

function circumstances(fit: Fit, compiled: Compiled, look: Lookout): Circumstances {
  const { rule, elements } = fit.pattern;
  const verb = coreOf(fit);
  const first = fit.parts[0] ?? verb;
  const last = fit.parts[fit.parts.length - 1] ?? verb;
  const names = elements.map((e) => compiled.concepts[e.concept] ?? "");
  const home =
    look.before("home_perp", verb.from, SUBJECT_REACH) ||
    overlaps(look.spans("home_perp"), first.from, last.to);
  // In a game or a film "it stabbed me" is said of the player; only somebody of her own home makes it hers.
  const isPersonal = rule.personal || (names.includes("self") && (home || !look.has("fiction")));
  const othersSuffer =
    look.before("helper", first.from, SUBJECT_REACH) && look.before("passive", verb.from, 4);
  const sos = look.has("sos");
  const habit = look.before("habit", verb.from, TIME_REACH) || look.after("habit", last.to, 4);
  const nowWord =
    look.before("now", verb.from, TIME_REACH) ||
    look.after("now", last.to, TIME_REACH) ||
    overlaps(look.spans("now"), first.from, last.to);
  const here =
    look.before("present", first.from, 4) ||
    look.before("present", verb.from, 4) ||
    look.after("present", last.to, 4);
  return {
    denied:
      !rule.firm && !insideOwn(look.spans("neg"), fit.parts) && look.before("neg", verb.from, DENIAL_REACH),
    fiction: look.has("fiction") && !isPersonal,
    helper:
      othersSuffer ||
      names.includes("helper") ||
      (!names.includes("self") &&
        (look.before("helper", first.from, SUBJECT_REACH) || look.after("helper", last.to, 1))),
    child: names.includes("childref") || look.has("child_writer") || look.after("childref", verb.to, 2),
    past: look.has("past") && !here,
    now: sos || (nowWord && !habit) || look.before("now_verb", verb.from, TENSE_REACH),
    recent: look.inSentence("recent", verb.from),
    joke: look.has("joke"),
    asked: look.has("info") && !isPersonal,
  };
}

function overlaps(spans: readonly Span[], from: number, to: number): boolean {
  const span = spans[firstFrom(spans, from)];
  return span !== undefined && span.from < to;
}

/** Is the denial word part of the pattern itself ("không cho ra khỏi nhà")? */
function insideOwn(spans: readonly Span[], parts: readonly Span[]): boolean {
  return spans.some((span) => parts.some((part) => part.from <= span.from && span.to <= part.to));
}

type Circumstance = "now" | "recent" | "past" | "helper" | "denied" | "child";

function gravity(fit: Fit, around: Circumstances, rules: RiskRules): { level: Level; note: string } {
  const { rule } = fit.pattern;
  const category = rules.categories[rule.category];
  const by = (name: Circumstance): Level | undefined => rule[name] ?? category?.[name];
  if (around.denied) return { level: by("denied") ?? "none", note: " (người viết nói là không)" };
  if (around.fiction) return { level: "none", note: "" };
  let level = around.child ? higher(rule.level, by("child") ?? rule.level) : rule.level;
  if (around.asked) return { level: rank(level) > rank("low") ? "low" : level, note: " (hỏi thông tin)" };
  if (around.joke && !around.now)
    return { level: rank(level) > rank("low") ? "low" : level, note: " (có vẻ nói đùa)" };
  if (around.now) {
    level = higher(level, by("now") ?? level);
    return { level, note: by("now") === "emergency" ? ", đang xảy ra" : "" };
  }
  if (around.past) return { level: by("past") ?? level, note: " (đã qua)" };
  if (around.recent) level = higher(level, by("recent") ?? level);
  if (around.helper) return { level: by("helper") ?? level, note: " (xảy ra với người khác)" };
  return { level, note: "" };
}

function combine(heard: readonly Fact[], facts: readonly Fact[], rules: RiskRules): Fact[] {
  return rules.combos
    .filter((combo) =>
      combo.all.every((name) => {
        const pool = name in rules.categories ? heard : facts;
        return pool.some(
          (fact) =>
            fact.stands &&
            (fact.rule === name || (fact.category === name && atLeast(fact.level, combo.floor))),
        );
      }),
    )
    .map((combo) => ({
      rule: combo.id,
      category: combo.category,
      level: combo.level,
      evidence: combo.evidence,
      stands: true,
      ownLife: false,
    }));
}

/** One reason for each category, gravest first; the words of equal facts joined by "+". */
function reasonsOf(facts: readonly Fact[]): Reason[] {
  const graves = new Map<string, Fact[]>();
  for (const fact of facts) {
    const list = graves.get(fact.category) ?? [];
    const top = list[0];
    if (!top || rank(fact.level) > rank(top.level)) graves.set(fact.category, [fact]);
    else if (fact.level === top.level && !list.some((f) => f.evidence === fact.evidence)) list.push(fact);
  }
  return [...graves]
    .sort(([, a], [, b]) => rank(b[0]?.level ?? "none") - rank(a[0]?.level ?? "none"))
    .map(([category, list]) => ({
      category,
      evidence: list
        .slice(0, 3)
        .map((f) => f.evidence)
        .join(" + "),
    }));
}
