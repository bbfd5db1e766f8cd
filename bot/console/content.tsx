/** Everything that can be edited, by kind, with its state; and the door to each editor. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { ArticleUse, ContentItem, ContentKind, Staff } from "../web/api-types.ts";
import { call } from "./api.ts";
import { ContentEditor } from "./content-editor.tsx";
import { fold, NewItemDialog } from "./new-item.tsx";
import { Empty, Icon, Loading, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";

/** Packing and unpacking is needed once in a while. */
const FilesDialog = lazy(() => import("./content-files.tsx").then((m) => ({ default: m.FilesDialog })));

interface Listed {
  readonly items: readonly ContentItem[];
  readonly secondPerson: boolean;
}

const KINDS: readonly ContentKind[] = ["flow", "article", "service", "rules", "settings"];

export function ContentScreen({ kind, itemKey, line }: ContentScreenProps) {
  const chosen = KINDS.find((one) => one === kind) ?? "flow";
  return itemKey === undefined ? (
    <ContentList kind={chosen} />
  ) : (
    <ContentEditor
      key={`${chosen} ${itemKey}`}
      kind={chosen}
      itemKey={itemKey}
      startLine={Number(line) || undefined}
    />
  );
}

interface ContentScreenProps {
  readonly kind: string | undefined;
  readonly itemKey: string | undefined;
  readonly line: string | undefined;
}

/** Days ahead in which a text is called due soon. */
const SOON_DAYS = 30;
const SHOWN = ["all", "drafts", "pending", "overdue", "soon", "unhelped"] as const;
type Shown = (typeof SHOWN)[number];

type Dated = Pick<ContentItem, "reviewState" | "overdue"> & { readonly until: string | null };

function isOf({ reviewState, overdue, until }: Dated, shown: Shown, soon: string): boolean {
  switch (shown) {
    case "pending":
      return reviewState === "pending";
    case "overdue":
      return overdue;
    case "soon":
      return until !== null && until <= soon;
    default:
      return false;
  }
}

/** How many things this is in the choice: a file of the directory counts by its places, where each has its own state. */
function countOf(item: ContentItem, shown: Shown, soon: string): number {
  if (shown === "all") return 1;
  if (shown === "drafts") return item.draft === null ? 0 : 1;
  if (shown === "unhelped") return (item.counts?.unhelped ?? 0) > 0 ? 1 : 0;
  const own = isOf({ ...item, until: item.reviewBy }, shown, soon) ? 1 : 0;
  return own + item.entries.filter((e) => isOf(e, shown, soon)).length;
}

function ContentList({ kind }: { kind: ContentKind }) {
  const { t, named } = useSpeech();
  const [wanted, setWanted] = useState("");
  const [shown, setShown] = useState<Shown>("all");
  const [dialog, setDialog] = useState<"new" | "files" | null>(null);
  const list = useQuery({
    queryKey: ["items", kind],
    queryFn: () => call<Listed>(`content/items?kind=${kind}`),
  });
  const words = fold(wanted);
  const soon = new Date(Date.now() + SOON_DAYS * 86_400_000).toISOString().slice(0, 10);
  const all = list.data?.items ?? [];
  const items = all.filter(
    (i) =>
      countOf(i, shown, soon) > 0 &&
      fold(
        `${i.key} ${i.title.vi} ${i.title.en} ${i.entries.map((e) => `${e.name.vi} ${e.name.en}`).join(" ")}`,
      ).includes(words),
  );
  return (
    <div className="sheet">
      <div className="sheet-head">
        <h1>{t("content")}</h1>
        <div className="buttons">
          {(kind === "article" || kind === "service") && (
            <button type="button" className="main" onClick={() => setDialog("new")}>
              {t(kind === "article" ? "new_article" : "new_service")}
            </button>
          )}
          <button type="button" onClick={() => setDialog("files")}>
            {t("files")}
          </button>
        </div>
      </div>
      <nav className="kinds" aria-label={t("kinds")}>
        {KINDS.map((one) => (
          <a key={one} href={linkTo("content", one)} aria-current={one === kind ? "page" : undefined}>
            {named("kind_", one)}
          </a>
        ))}
      </nav>
      <div className="finders">
        <div className="field find">
          <label htmlFor="find">{t("find")}</label>
          <input id="find" type="search" value={wanted} onChange={(e) => setWanted(e.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="show">{t("show")}</label>
          <select
            id="show"
            value={shown}
            onChange={(e) => setShown(SHOWN.find((one) => one === e.target.value) ?? "all")}
          >
            {SHOWN.filter((one) => one !== "unhelped" || kind === "article").map((one) => (
              <option key={one} value={one}>
                {t(`show_${one}`)} ({all.reduce((n, i) => n + countOf(i, one, soon), 0)})
              </option>
            ))}
          </select>
        </div>
      </div>
      {kind === "article" && shown === "pending" && <p className="hint">{t("pending_note")}</p>}
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading />}
      {list.data && items.length === 0 && <Empty title={t("nothing_found")} />}
      <ul className="items">
        {items.map((item) => (
          <li key={item.key}>
            <ItemLink item={item} secondPerson={list.data?.secondPerson ?? false} />
            {item.entries.length > 0 && <Entries item={item} words={words} shown={shown} soon={soon} />}
          </li>
        ))}
      </ul>
      {dialog === "new" && (kind === "article" || kind === "service") && (
        <NewItemDialog kind={kind} onClose={() => setDialog(null)} />
      )}
      {dialog === "files" && (
        <Suspense fallback={<Loading />}>
          <FilesDialog onClose={() => setDialog(null)} />
        </Suspense>
      )}
    </div>
  );
}

function ItemLink({ item, secondPerson }: { item: ContentItem; secondPerson: boolean }) {
  const { t, both, actor, dayAndClock } = useSpeech();
  const me = useQueryClient().getQueryData<Staff>(["me"])?.login;
  return (
    <a className="item" href={linkTo("content", item.kind, item.key)}>
      <span className="item-title">
        <b>{both(item.title)}</b> <code>{item.file}</code>
      </span>
      <span className="item-state">
        {item.problems > 0 && (
          <span className="mark bad">
            <Icon name="warn" /> {item.problems} {t(item.problems === 1 ? "errors_1" : "errors_n")}
          </span>
        )}
        {item.draft && (
          <span className="mark">
            {t("draft_by")} {actor(item.draft.by)}, {dayAndClock(item.draft.at)}
          </span>
        )}
        {item.draft && secondPerson && item.draft.by !== me && item.problems === 0 && (
          <span className="mark good">{t("yours_to_read")}</span>
        )}
        {item.draft?.isOvertaken && (
          <span className="mark bad">
            <Icon name="warn" /> {t("overtaken_short")}
          </span>
        )}
        {item.published === null ? (
          <span className="mark">{t("not_published")}</span>
        ) : (
          <span className="mark good">
            {t("published")} · {item.published}
          </span>
        )}
        {item.reviewState && (
          <span className="mark">
            {t(item.reviewState === "pending" ? "review_pending" : "review_approved")}
          </span>
        )}
        {item.counts && <Counts counts={item.counts} />}
        {item.reviewBy && <Until day={item.reviewBy} overdue={item.overdue} />}
      </span>
    </a>
  );
}

/** How the article did in the last four weeks. */
function Counts({ counts: { answered, helped, unhelped, parts } }: { counts: ArticleUse }) {
  const { t } = useSpeech();
  const which = parts.map(({ part, unhelped: n }) => `${t("counts_part")} ${part}: ${n}`).join(", ");
  return (
    <span className={unhelped > helped ? "mark bad" : "mark"} title={t("counts_lately")}>
      {t("sent_n")} {answered}
      {helped > 0 && ` · ${t("helped_n")} ${helped}`}
      {unhelped > 0 && ` · ${t("unhelped_n")} ${unhelped}${which && ` (${which})`}`}
    </span>
  );
}

interface EntriesProps {
  readonly item: ContentItem;
  readonly words: string;
  readonly shown: Shown;
  /** The day until which something is due soon. */
  readonly soon: string;
}

/** The places of a directory file, each with its own state and last day. */
function Entries({ item, words, shown, soon }: EntriesProps) {
  const { t, both } = useSpeech();
  const hasOwn = shown === "all" || shown === "drafts" || shown === "unhelped";
  const entries = hasOwn ? item.entries : item.entries.filter((e) => isOf(e, shown, soon));
  const found = entries.filter((e) => fold(`${e.id} ${e.name.vi} ${e.name.en}`).includes(words));
  return (
    <ul className="entries">
      {(found.length > 0 ? found : entries).map((entry) => (
        <li key={entry.id}>
          <a className="item" href={linkTo("content", item.kind, item.key, String(entry.line))}>
            <span className="item-title">
              {both(entry.name)} <code>{entry.id}</code>
            </span>
            <span className="item-state">
              {entry.status === "verify" && <span className="mark">{t("staff_only")}</span>}
              <span className="mark">
                {t(entry.reviewState === "pending" ? "review_pending" : "review_approved")}
              </span>
              <Until day={entry.until} overdue={entry.overdue} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Until({ day, overdue }: { day: string; overdue: boolean }) {
  const { t } = useSpeech();
  return overdue ? (
    <span className="mark bad">
      <Icon name="warn" /> {t("overdue_since")} {day}
    </span>
  ) : (
    <span className="mark">
      {t("until")} {day}
    </span>
  );
}
