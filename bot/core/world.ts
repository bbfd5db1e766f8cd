/** What is published now: everything that `step` may look at besides the state and the event. */

import type { Flow } from "./flow/definition.ts";
import type { Article } from "./knowledge/article.ts";
import type { BannedPhrase } from "./knowledge/banned.ts";
import type { Province, Service } from "./knowledge/service.ts";
import type { ChannelCaps } from "./message.ts";
import type { Search } from "./retrieval/search.ts";
import type { Settings } from "./settings.ts";
import type { Ear } from "./triage/ear.ts";
import type { Instrument } from "./triage/instrument.ts";

export interface World {
  /** Moves with every publish; kept with each event for replay. */
  readonly edition: number;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly articles: ReadonlyMap<string, Article>;
  readonly services: ReadonlyMap<string, Service>;
  readonly provinces: readonly Province[];
  readonly settings: Settings;
  /** What no text of ours may say; a model's least of all. */
  readonly banned: readonly BannedPhrase[];
  readonly ear: Ear;
  readonly search: Search;
  readonly channel: ChannelCaps;
  /** The address of the page where one can write without an app; absent: it has no public one. */
  readonly page?: string;
}
