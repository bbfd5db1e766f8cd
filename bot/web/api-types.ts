/** The web API's types for the browser: types only, so that nothing of the server can be pulled into the bundle. */

export type { Breach, BreachKind, BreachStep } from "../app/breaches.ts";
export type { BundleFile } from "../app/bundle.ts";
export type { Evaluation } from "../app/evaluation.ts";
export type { OpenRequest } from "../app/rights.ts";
export type {
  AnswerCounts,
  ArticleUse,
  AskedInVain,
  Bubble,
  CaseCard,
  CaseFile,
  CaseLine,
  ContentItem,
  HitWithWhy,
  Link,
  Preview,
  RetentionClock,
  Staff,
  TalkLine,
} from "../app/services.ts";
export type { Level, Reason } from "../core/level.ts";
export type { Bilingual, ChannelName, Choice, Lang } from "../core/message.ts";
export type { Problem } from "../core/problem.ts";
export type { Group } from "../core/retrieval/grouping.ts";
export type { AuditLine, ContentKind, Role } from "../ports/store.ts";
