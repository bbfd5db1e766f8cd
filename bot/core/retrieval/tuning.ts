/** The data that finding is tuned with (`knowledge/search/*.yaml`): numbers and words, so that editors can change them. */

import { z } from "zod";
import { serviceKindSchema } from "../knowledge/service.ts";
import { idSchema } from "../schema.ts";

const phrase = z.string().trim().min(1);

/** `knowledge/search/weights.yaml`. */
export const weightsSchema = z.strictObject({
  index: z.strictObject({
    heading: z.int().min(1).max(20),
    k1: z.number().min(0).max(5),
    b: z.number().min(0).max(1),
  }),
  rank: z.strictObject({
    /** A single syllable counts this much beside a pair's 1. */
    syllable: z.number().min(0),
    pair: z.number().min(0),
    /** Two syllables of the question that stand one apart in it and are neighbours in the text. */
    skip: z.number().min(0),
    /** What a question word ("thế nào") still counts. */
    question_word: z.number().min(0).max(1),
    /** What a synonym counts beside the word that was typed. */
    synonym: z.number().min(0),
    /** What a synonym of one syllable counts beside a longer one: alone a syllable means too many things. */
    synonym_alone: z.number().min(0).max(1).default(0.4),
    /** Passages that are looked at a second time. */
    second_look: z.int().min(1),
    /** Second look: syllables as typed, with their marks. */
    marked: z.number().min(0),
    /** What the question before counts. */
    before: z.number().min(0).max(1),
  }),
  /** What each kind of feature counts when it is learned who asks what (`features.ts`). */
  features: z.strictObject({
    syllable: z.number().min(0),
    pair: z.number().min(0),
    synonym: z.number().min(0),
    /** A syllable with its marks; only where marks were typed. */
    marked: z.number().min(0),
    /** The first syllable, which often says who is asking ("con", "tôi", "nó"). */
    first: z.number().min(0),
  }),
  /** What makes a passage. */
  knowledge: z.strictObject({
    /** How likely it is meant, by what was learned of ways of asking (`passage-model.ts`): 1 is certain, 0 one in 160,000. */
    learned: z.number().min(0),
    /** Its own words, or a way of asking for it, as a share of what the question itself would score and as far as too little was learned of it. */
    words: z.number().min(0),
    /** Its article as one text, a share of what the question itself would score: small signs add up. */
    whole: z.number().min(0),
    /** A way of asking for its article was typed word for word. */
    exact: z.number().min(0),
    /** What an article's first passage, which says what matters most, is given before its others. */
    lead: z.number().min(0),
    /** For each kind of question (`kinds.yaml`) that is asked and that the passage answers. */
    kind: z.number().min(0),
    /** What a passage for another role than the writer's loses. */
    other_role: z.number().min(0),
    /** What all passages of an article but its best lose, so that another article has a chance among the first three. */
    again: z.number().min(0),
    /**
     * An article only for who does violence, when the question says nothing of a deed of the writer's own, and once more when
     * it says that it is done to them; one only for children, when a grown-up writes.
     */
    other_side: z.number().min(0).max(1),
    /** An article for another audience than hers. */
    other_audience: z.number().min(0).max(1),
  }),
});

/** `knowledge/search/words.yaml`. */
export const wordsSchema = z.strictObject({
  /** Short forms and teencode: what is typed, and what it means (one or more syllables). */
  short: z.record(z.string(), phrase),
  /** Only when the collection does not know the syllable itself. */
  short_if_unknown: z.record(z.string(), phrase),
  /** What is written without a space behind a number, and what it means there ("13t" is an age, "10tr" a sum). */
  after_number: z.record(z.string(), phrase),
  /** Phrases by which somebody says that violence is done to them, not by them. */
  done_to_me: z.array(phrase),
  /** Phrases by which somebody speaks of a deed of their own, done or feared. */
  done_by_me: z.array(phrase),
  /** Phrases that only a grown-up says of themselves: of a spouse, of in-laws, of children of their own. */
  grown_up: z.array(phrase),
  /** Words of asking, greeting and politeness, which say nothing of the subject. */
  question_words: z.array(phrase),
});

/** `knowledge/search/synonyms.yaml`: groups of phrases that are asked and found for one another. */
export const synonymsSchema = z.strictObject({
  synonyms: z.array(z.array(phrase).min(2)),
  /** Words of the street beside those of laws and offices: only for collections that are not ours, as far as they do not use the asked words themselves. */
  official: z.array(z.array(phrase).min(2)).default([]),
});

/** `knowledge/search/kinds.yaml`. */
export const kindsSchema = z.strictObject({
  kinds: z
    .array(
      z.strictObject({
        /** For those who edit the file. */
        kind: phrase,
        /** Phrases of a question of this kind. */
        asks: z.array(phrase).min(1),
        /** Phrases in the heading, or in the text, of a passage that answers it. */
        heading: z.array(phrase),
        text: z.array(phrase),
        /** Who asks, rather than for what: a passage for these is held back when nothing in the question says that one of them asks. */
        role: z.boolean().optional(),
      }),
    )
    .max(31),
});

/** Logistic weights over what `silence.ts` measures: answered when the sum reaches 0. */
const barSchema = z.strictObject({
  base: z.number(),
  /** Share of what is asked, by rarity, that the nearest way of asking for the best passage's article has; elsewhere the best passage. */
  coverage: z.number(),
  /** Score of that beside what one made of the question itself would have. */
  likeness: z.number(),
  /** How far the best stands before the next article, as a share of its score. */
  margin: z.number(),
  /** Share of what is asked that the whole collection never speaks of. */
  unknown: z.number(),
  /** How many syllables say something, up to 12, as a share of 12. */
  length: z.number(),
  /** The best passage's score, a tenth of it. */
  total: z.number().default(0),
  /** How likely its article is meant, by what was learned: 1 is certain, 0 one in 160,000. */
  learned: z.number().default(0),
  /** What is not ours to answer: how like the question the nearest of it is, how much of the question it covers, and how likely that is meant. */
  stranger: z.number().default(0),
  stranger_coverage: z.number().default(0),
  stranger_learned: z.number().default(0),
  /** How many passages there are, as a power of ten and a fifth of that: among many, something is always alike. */
  size: z.number().default(0),
  /** Marks were typed: then what is found is surer, and so is what is not. */
  marked: z.number(),
});

/** `knowledge/search/silence.yaml`. */
export const silenceSchema = z.strictObject({
  knowledge: barSchema,
  corpus: barSchema,
  /**
   * Somebody else does it, or it is done to the writer: one of `who`, at most two of `between`, one of `does`, side by side.
   * It lifts every rule that is not `strict`.
   */
  others: z.strictObject({ who: z.array(phrase), between: z.array(phrase), does: z.array(phrase) }),
  /** Words that only name somebody or something: a question of nothing else asks nothing yet, and is offered topics. */
  named: z.array(phrase).default([]),
  /** Never answered, whatever it shares with a passage. */
  never: z.array(
    z.strictObject({
      why: z.string(),
      /** Holds whoever does it: who hunts a woman speaks of what she does, too. */
      strict: z.boolean().default(false),
      /** All of a phrase of each list must stand in the question. */
      all: z.array(z.array(phrase).min(1)).min(1),
      /** Not when one of these stands in it. */
      unless: z.array(phrase).default([]),
    }),
  ),
});
export type Bar = z.infer<typeof barSchema>;

/** `knowledge/search/strangers.yaml`: questions that people ask a chat and that are not ours to answer. */
export const strangersSchema = z.strictObject({ strangers: z.array(phrase) });

/** `knowledge/search/asked/*.tsv`, in English `asked/en/*.tsv`: what our own test writers asked, as somebody, before they had seen any passage; no person's words. */
export const askedSchema = z.array(
  z.strictObject({
    question: phrase,
    /** Ids of the passages that answer it, the best first; none: it is not ours to answer. */
    passages: z.array(phrase),
  }),
);

/** `knowledge/search/english.yaml`: what stands in the other files for Vietnamese. */
export const englishSchema = z.strictObject({
  words: wordsSchema,
  synonyms: synonymsSchema.shape.synonyms,
  strangers: strangersSchema.shape.strangers,
  /** The bar for English questions, as `knowledge` in `silence.yaml`. */
  bar: barSchema,
});

/** `knowledge/search/places.yaml`: how people ask for a number or a place. */
export const placesSchema = z.strictObject({
  /** Phrases that ask for a number to call or a place to go to. */
  asks: z.array(phrase),
  /** Phrases that name a kind of service. */
  kinds: z.partialRecord(serviceKindSchema, z.array(phrase)),
  /** Words that go with such a question and say nothing more ("gần đây", "gọi được"). */
  fillers: z.array(phrase),
  /** Ids of services that come first of their tier; `child_first` instead when one of `child_words` is there. */
  first: z.array(idSchema),
  child_first: z.array(idSchema),
  child_words: z.array(phrase),
  /** Names that are ordinary words too: only a place after one of `cues`, or alone. */
  doubtful: z.array(phrase),
  /** Business of another kind ("vé xe"): a place that is named with it asks for no help there. */
  elsewhere: z.array(phrase),
  cues: z.array(phrase),
});

export const searchDataSchema = z.strictObject({
  weights: weightsSchema,
  words: wordsSchema,
  synonyms: synonymsSchema.shape.synonyms,
  official: synonymsSchema.shape.official,
  silence: silenceSchema,
  strangers: strangersSchema.shape.strangers,
  places: placesSchema,
  kinds: kindsSchema.shape.kinds,
  asked: askedSchema.default([]),
  english: englishSchema.extend({ asked: askedSchema.default([]) }),
});
export type SearchData = z.infer<typeof searchDataSchema>;
export type Weights = z.infer<typeof weightsSchema>;
