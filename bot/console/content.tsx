/** Everything that can be edited, by kind, with its state; and the door to each editor. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ContentItem, ContentKind } from "../web/api-types.ts";
import { call } from "./api.ts";
import { ContentEditor } from "./content-editor.tsx";
import { Empty, Icon, Loading, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";

const KINDS: readonly ContentKind[] = ["flow", "article", "service", "rules", "settings"];

export function ContentScreen({ kind, itemKey }: { kind: string | undefined; itemKey: string | undefined }) {
  const chosen = KINDS.find((one) => one === kind) ?? "flow";
  return itemKey === undefined ? (
    <ContentList kind={chosen} />
  ) : (
    <ContentEditor key={`${chosen} ${itemKey}`} kind={chosen} itemKey={itemKey} />
  );
}

function ContentList({ kind }: { kind: ContentKind }) {
  const { t, named } = useSpeech();
  const [wanted, setWanted] = useState("");
  const list = useQuery({
    queryKey: ["items", kind],
    queryFn: () =>
      call<{ items: readonly ContentItem[] }>(`content/items?kind=${kind}`).then((answer) => answer.items),
  });
  const words = fold(wanted);
  const items = list.data?.filter((i) => fold(`${i.key} ${i.title.vi} ${i.title.en}`).includes(words)) ?? [];
  return (
    <div className="sheet">
      <h1>{t("content")}</h1>
      <nav className="kinds" aria-label={t("kinds")}>
        {KINDS.map((one) => (
          <a key={one} href={linkTo("content", one)} aria-current={one === kind ? "page" : undefined}>
            {named("kind_", one)}
          </a>
        ))}
      </nav>
      <div className="field find">
        <label htmlFor="find">{t("find")}</label>
        <input id="find" type="search" value={wanted} onChange={(e) => setWanted(e.target.value)} />
      </div>
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading />}
      {list.data && items.length === 0 && <Empty title={t("nothing_found")} />}
      <ul className="items">
        {items.map((item) => (
          <li key={item.key}>
            <ItemLink item={item} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ItemLink({ item }: { item: ContentItem }) {
  const { t, both, dayAndClock } = useSpeech();
  return (
    <a className="item" href={linkTo("content", item.kind, item.key)}>
      <span className="item-title">
        <b>{both(item.title)}</b> <code>{item.file}</code>
      </span>
      <span className="item-state">
        {item.problems > 0 && (
          <span className="mark bad">
            <Icon name="warn" /> {item.problems} {t("errors_n")}
          </span>
        )}
        {item.draft && (
          <span className="mark">
            {t("draft_by")} {item.draft.by}, {dayAndClock(item.draft.at)}
          </span>
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
            {item.reviewState === "pending"
              ? t("review_pending")
              : `${t("review_approved")}${item.reviewBy ? `: ${item.reviewBy}` : ""}`}
          </span>
        )}
      </span>
    </a>
  );
}

/** Without marks and capitals, so that "loi dau" finds "Lời đầu". */
function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("đ", "d")
    .replaceAll("Đ", "d")
    .toLowerCase()
    .trim();
}
