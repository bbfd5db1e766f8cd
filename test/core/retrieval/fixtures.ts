/** A small invented knowledge for the tests of finding, and the real search data. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Article } from "../../../bot/core/knowledge/article.ts";
import type { Province, Service } from "../../../bot/core/knowledge/service.ts";
import { readSearchData, SEARCH_FILE_NAMES } from "../../../bot/core/retrieval/data.ts";
import type { SearchData } from "../../../bot/core/retrieval/tuning.ts";
import { PROVINCES } from "./names-of-provinces.ts";

export function searchData(): SearchData {
  const folder = join(import.meta.dirname, "../../../knowledge/search");
  const files = SEARCH_FILE_NAMES.map((name) => [name, parse(readFileSync(join(folder, name), "utf8"))]);
  const { data, problems } = readSearchData(Object.fromEntries(files));
  if (!data) throw new Error(JSON.stringify(problems));
  return data;
}

const source = { title: "Nguồn thử", confidence: "H" } as const;

export function article(
  id: string,
  title: string,
  questions: string[],
  passages: [string, string][],
  extra: Partial<Article> = {},
): Article {
  return {
    id,
    title: { vi: title, en: id },
    questions: { vi: questions, en: [id] },
    audience: ["survivor"],
    topics: ["test"],
    max_level: "high",
    sources: [source],
    law: [],
    checked_on: "2026-11-22",
    review_by: "2027-05-22",
    owner: "Nhóm thử",
    review: { state: "pending" },
    related: [],
    passages: passages.map(([heading, text], i) => ({
      id: `${id}#${i + 1}`,
      articleId: id,
      heading: { vi: heading, en: heading },
      text: { vi: text, en: text },
      asks: { vi: [], en: [] },
    })),
    ...extra,
  };
}

export const ARTICLES: readonly Article[] = [
  article(
    "contact-ban",
    "Cấm tiếp xúc là gì",
    ["cấm tiếp xúc là gì", "làm sao để anh ta không được lại gần tôi", "xin lệnh cấm đến gần"],
    [
      ["Ba ngày", "Chủ tịch xã có thể cấm người gây bạo lực đến gần bạn, không quá ba ngày."],
      ["Xin ở đâu", "Bạn đề nghị với Ủy ban nhân dân xã nơi đang ở. Không cần mẫu đơn."],
    ],
  ),
  article(
    "strangled",
    "Vừa bị bóp cổ",
    ["chồng vừa bóp cổ em", "bị siết cổ có cần đi viện không"],
    [["Đi khám hôm nay", "Bị bóp cổ thì nên đi bệnh viện, dù ngoài da không có vết nào."]],
  ),
  article(
    "custody",
    "Ly hôn thì ai nuôi con",
    ["ly hôn con ở với ai", "con dưới 36 tháng ở với mẹ phải không"],
    [["Con nhỏ", "Con dưới 36 tháng thường được giao cho mẹ trực tiếp nuôi khi ly hôn."]],
  ),
  article(
    "divorce",
    "Ai được xin ly hôn",
    ["muốn ly hôn mà chồng không chịu ký", "đơn phương ly hôn"],
    [["Nộp đơn", "Một bên có quyền nộp đơn ly hôn ở tòa án, không cần bên kia ký."]],
  ),
  article(
    "phone",
    "Điện thoại bị theo dõi",
    ["chồng cài định vị vào máy em", "anh ta đọc tin nhắn của tôi"],
    [["Xem lại máy", "Đổi mật khẩu ở một máy khác, xem ứng dụng nào được phép biết vị trí."]],
  ),
];

export function service(id: string, extra: Partial<Service>): Service {
  const text = (vi: string) => ({ vi, en: vi });
  return {
    id,
    name: text(id),
    kind: "hotline",
    phones: [{ number: "1900 000 000" }],
    area: { scope: "national", provinces: [] },
    hours: text("Cả ngày."),
    cost: text("Miễn phí."),
    languages: ["vi"],
    what_happens: text("Có người nghe bạn nói."),
    who_is_told: text("Không ai bị báo."),
    is_report: false,
    sources: [source],
    checked_on: "2026-11-22",
    expires_on: "2027-05-22",
    confidence: "H",
    status: "use",
    review: { state: "pending" },
    ...extra,
  };
}

/** "Lạng Sơn" → "lang-son". */
export function provinceId(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gi, "d")
    .toLowerCase()
    .replace(/[^a-z]+/g, "-");
}

export const provinces: readonly Province[] = Object.entries(PROVINCES).map(([name, old]) => ({
  id: provinceId(name),
  name,
  aliases: [...old],
  near: name === "Lạng Sơn" ? ["cao-bang"] : [],
}));

export const SERVICES: readonly Service[] = [
  service("national-line", {}),
  service("lang-son-room", { kind: "counselling", area: { scope: "provinces", provinces: ["lang-son"] } }),
  service("cao-bang-room", { kind: "counselling", area: { scope: "provinces", provinces: ["cao-bang"] } }),
  service("can-tho-shelter", { kind: "shelter", area: { scope: "provinces", provinces: ["can-tho"] } }),
  service("old-line", { expires_on: "2026-01-01" }),
  service("unverified-line", { status: "verify" }),
];
