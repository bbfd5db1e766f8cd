/** Answers questions for a number or a place from the directory of services. */

import type { Province, Service } from "../knowledge/service.ts";
import type { Lang } from "../message.ts";
import { makePhrases, type Syllable } from "./phrases.ts";
import { makePlaceFinder } from "./place.ts";
import type { SearchData } from "./tuning.ts";

export interface DirectoryFound {
  /** Nearest first: of the province she named, then of all the country, then of provinces near hers. */
  readonly services: readonly Service[];
  /** The question asks for a number or a place and for little else: these are the answer. */
  readonly sure: boolean;
  /** They come before any passage: surely meant, or asked for with a province named, whatever story stands around it. */
  readonly first: boolean;
}

export type FindServices = (row: readonly Syllable[], today: string) => DirectoryFound;

/** Only what may be shown: verified for use, not expired on `today`. */
export function showable(service: Service, today: string): boolean {
  return service.status === "use" && service.expires_on >= today && service.confidence !== "L";
}

export function makeDirectory(
  services: readonly Service[],
  provinces: readonly Province[],
  data: Pick<SearchData, "places" | "words">,
): FindServices {
  const childWords = makePhrases(data.places.child_words.map((text) => [text, true] as const));
  const findPlaces = makePlaceFinder(provinces, data.places);
  const asks = makePhrases(data.places.asks.map((text) => [text, true] as const));
  const fillers = makePhrases(
    [...data.places.fillers, ...data.places.cues, ...data.words.question_words].map(
      (text) => [text, true] as const,
    ),
  );
  const elsewhere = makePhrases(data.places.elsewhere.map((text) => [text, true] as const));
  const suffered = makePhrases(data.words.done_to_me.map((text) => [text, true] as const));
  const kinds = makePhrases(
    Object.entries(data.places.kinds).flatMap(([kind, texts]) =>
      (texts ?? []).map((text) => [text, kind] as const),
    ),
  );

  return (row, today) => {
    const asked = asks.find(row, false);
    const kindsAsked = kinds.find(row, false);
    const places = findPlaces(row, asked.length + kindsAsked.length > 0);
    const spoken = new Set<number>();
    for (const { at, length } of [...places, ...asked, ...kindsAsked, ...fillers.find(row, false)]) {
      for (let i = at; i < at + length; i++) spoken.add(i);
    }
    const rest = row.filter((_, i) => !spoken.has(i)).length;
    const meant = asked.length > 0 || (places.length > 0 && (kindsAsked.length > 0 || rest <= 1));
    const strange =
      kindsAsked.length === 0 &&
      elsewhere.find(row, false).length > 0 &&
      suffered.find(row, false).length === 0;
    if (!meant || strange) return { services: [], sure: false, first: false };
    const here = places.map(({ value }) => value);
    const wanted = new Set(kindsAsked.map(({ value }) => value));
    const listed = order(
      services.filter((service) => showable(service, today)),
      here,
      wanted,
      childWords.find(row, false).length > 0 ? data.places.child_first : data.places.first,
      data.places.first,
    );
    const missing =
      wanted.size > 0 &&
      [...wanted].every((kind) => APART.has(kind)) &&
      !listed.some(({ kind }) => wanted.has(kind));
    const sure = !missing && (places.length > 0 ? rest <= 4 : rest === 0);
    return { services: listed, sure, first: sure || (!missing && places.length > 0 && asked.length > 0) };
  };
}

function order(
  services: readonly Service[],
  here: readonly Province[],
  kinds: ReadonlySet<string>,
  first: readonly string[],
  doors: readonly string[],
): Service[] {
  const own = new Set(here.map(({ id }) => id));
  const near = new Set(here.flatMap((province) => province.near));
  const tier = (service: Service): number => {
    if (service.area.scope === "national") return 1;
    if (service.area.provinces.some((id) => own.has(id))) return 0;
    return service.area.provinces.some((id) => near.has(id)) ? 2 : 3;
  };
  const asked = new Set([...kinds].flatMap((kind) => [kind, ...(ALSO[kind] ?? [])]));
  const isAsked = (service: Service): boolean =>
    asked.size === 0 || asked.has(service.kind) || (kinds.has("shelter") && doors.includes(service.id));
  const kind = (service: Service): number => (isAsked(service) ? 0 : 1);
  const general = (service: Service): number =>
    first.includes(service.id) ? -1 : GENERAL.indexOf(service.kind);
  return services
    .filter((service) => tier(service) < 3)
    .sort((a, b) => kind(a) - kind(b) || tier(a) - tier(b) || general(a) - general(b));
}

/** A one-stop house takes people in for a while too; so do the houses behind the number that comes first (`doors`). */
const ALSO: Readonly<Record<string, readonly string[]>> = { shelter: ["one-stop"] };

/** What no hotline stands in for: who asks for one that the directory does not have is told so by an article. */
const APART: ReadonlySet<string> = new Set(["police", "hospital", "legal-aid"]);

/** Which kind comes first when none is asked for. */
const GENERAL: readonly string[] = [
  "hotline",
  "one-stop",
  "shelter",
  "counselling",
  "emergency",
  "hospital",
  "legal-aid",
  "police",
  "commune",
  "other",
];

/** A service as one message: who is told stands before the number (domain.md §0.10). */
export function serviceText(service: Service, lang: Lang): string {
  const phones = service.phones.map(({ number, label }) => (label ? `${number} (${label[lang]})` : number));
  return [
    service.who_is_told[lang],
    phones.join(" · "),
    `${service.hours[lang]} ${service.cost[lang]}`,
    service.what_happens[lang],
  ]
    .filter((line) => line !== "")
    .join("\n");
}
