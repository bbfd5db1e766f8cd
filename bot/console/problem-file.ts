/** Which edited thing a file is, so that a problem in another file can be opened there: as the server has it (its test holds it to that; the console knows types only). */

import type { ContentKind } from "../web/api-types.ts";

/** `flows/` holds these beside the flows. */
const SETTINGS = ["settings", "texts", "words"];

/** null: nothing that is edited here. */
export function itemIn(file: string): { kind: ContentKind; key: string } | null {
  const [, folder, rest = ""] =
    /^(flows|knowledge\/(?:articles|directory|risk))\/(.+)\.(?:yaml|md)$/.exec(file) ?? [];
  const name = rest.split("/").at(-1) ?? "";
  switch (folder) {
    case "flows":
      return { kind: SETTINGS.includes(rest) ? "settings" : "flow", key: rest };
    case "knowledge/articles":
      return { kind: "article", key: name };
    case "knowledge/directory":
      return { kind: "service", key: rest };
    case "knowledge/risk":
      return { kind: "rules", key: rest };
    default:
      return null;
  }
}
