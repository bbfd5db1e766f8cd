/** One line of the editors' list. */

import type { Bilingual } from "../../core/message.ts";
import type { Source } from "../../ports/sources.ts";
import type { Revision } from "../../ports/store.ts";
import { type Compiled, keyOf } from "../library.ts";
import { OVERTAKEN } from "../library-live.ts";
import type { ContentItem } from "../services.ts";

/** `today` ("2026-11-22") decides what is overdue. */
export function itemOf(
  source: Source,
  { problems, parsed: all }: Compiled,
  published: Revision | undefined,
  draft: Revision | undefined,
  today: string,
): ContentItem {
  const parsed = published ? all.get(keyOf(source)) : undefined;
  const head = parsed?.is === "article" ? parsed.article : parsed?.is === "flow" ? parsed.flow : null;
  const title: Bilingual = head?.title ?? { vi: source.key, en: source.key };
  const reviewBy = parsed?.is === "article" ? parsed.article.review_by : null;
  const lines = parsed?.is === "services" ? parsed.lines : new Map<string, number>();
  return {
    kind: source.kind,
    key: source.key,
    title,
    file: source.file,
    published: published?.number ?? null,
    draft: draft
      ? { number: draft.number, by: draft.by, at: draft.at, isOvertaken: draft.note === OVERTAKEN }
      : null,
    problems: problems.filter((p) => p.file === source.file && p.severity === "error").length,
    reviewState: head?.review.state ?? null,
    reviewBy,
    overdue: reviewBy !== null && reviewBy < today,
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
