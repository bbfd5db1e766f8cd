/** One line of the editors' list. */

import type { Bilingual } from "../../core/message.ts";
import type { Source } from "../../ports/sources.ts";
import type { Revision } from "../../ports/store.ts";
import { type Compiled, keyOf } from "../library.ts";
import { OVERTAKEN } from "../library-live.ts";
import { type Parsed, readContent } from "../read-content.ts";
import type { ContentItem } from "../services.ts";

/** Files that carry no title of their own. */
const TITLES: Readonly<Record<string, Bilingual>> = {
  "service:provinces": { vi: "Tỉnh, thành phố và tên cũ", en: "Provinces and their old names" },
  "service:services": { vi: "Nơi giúp và số gọi", en: "Services and numbers" },
  "settings:settings": { vi: "Cài đặt chung", en: "General settings" },
  "settings:texts": { vi: "Câu máy hay nói", en: "What the machine often says" },
  "settings:words": { vi: "Từ để dừng, xóa, gọi người", en: "Words to stop, delete, call a human" },
  "rules:acts": { vi: "Hành vi và vật dùng", en: "Acts and what they are done with" },
  "rules:categories": { vi: "Loại nguy cơ và mức", en: "Categories and their levels" },
  "rules:context": { vi: "Hoàn cảnh làm đổi nghĩa", en: "Surroundings that change a meaning" },
  "rules:fields": { vi: "Nhóm từ cùng nghĩa", en: "Fields of meaning" },
  "rules:people": { vi: "Ai làm với ai, khi nào", en: "Who does it to whom, and when" },
  "rules:rules": { vi: "Quy tắc chính", en: "Main rules" },
  "rules:rules-emergency": { vi: "Quy tắc: đang xảy ra", en: "Rules: happening now" },
  "rules:rules-english": { vi: "Quy tắc: tiếng Anh", en: "Rules: English" },
  "rules:rules-high": { vi: "Quy tắc: nghiêm trọng", en: "Rules: grave" },
  "rules:rules-roundabout": { vi: "Quy tắc: nói vòng", en: "Rules: roundabout speech" },
  "rules:thresholds": { vi: "Ngưỡng của tai nghe", en: "Thresholds of the ear" },
  "rules:typing": { vi: "Viết tắt, tiếng lóng, hình", en: "Short and slangy writings, emoji" },
};

function headOf(parsed: Parsed | undefined) {
  switch (parsed?.is) {
    case "article":
      return parsed.article;
    case "flow":
      return parsed.flow;
    case "instrument":
      return parsed.instrument;
    default:
      return null;
  }
}

/** What a thing is called on screen; its key where it has no name, or cannot be read. */
export function titleOf({ kind, key }: Pick<Source, "kind" | "key">, parsed: Parsed | undefined): Bilingual {
  const [first, ...more] = parsed?.is === "services" ? parsed.services : [];
  const only = more.length === 0 ? first?.name : undefined;
  return headOf(parsed)?.title ?? TITLES[`${kind}:${key}`] ?? only ?? { vi: key, en: key };
}

/** `today` ("2026-11-22") decides what is overdue; `counts`: how the article did lately. */
export function itemOf(
  source: Source,
  { problems, parsed: all }: Compiled,
  published: Revision | undefined,
  draft: Revision | undefined,
  today: string,
  counts: ContentItem["counts"],
): ContentItem {
  const parsed = published ? all.get(keyOf(source)) : undefined;
  const head = headOf(parsed);
  const drafted = draft ? readContent({ ...source, source: draft.source }) : null;
  const reviewBy = parsed?.is === "article" ? parsed.article.review_by : null;
  const lines = parsed?.is === "services" ? parsed.lines : new Map<string, number>();
  return {
    kind: source.kind,
    key: source.key,
    title: titleOf(source, parsed ?? drafted?.value),
    file: source.file,
    published: published?.number ?? null,
    draft: draft
      ? { number: draft.number, by: draft.by, at: draft.at, isOvertaken: draft.note === OVERTAKEN }
      : null,
    problems: (drafted?.problems ?? problems.filter((p) => p.file === source.file)).filter(
      (p) => p.severity === "error",
    ).length,
    reviewState: head?.review.state ?? null,
    reviewBy,
    overdue: reviewBy !== null && reviewBy < today,
    counts,
    entries: (parsed?.is === "services" ? parsed.services : []).map((s) => ({
      id: s.id,
      name: s.name,
      line: lines.get(`service:${s.id}`) ?? 1,
      status: s.status,
      reviewState: s.review.state,
      until: s.expires_on,
      overdue: s.expires_on < today,
    })),
  };
}
