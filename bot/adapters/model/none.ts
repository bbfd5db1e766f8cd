/** No model: the service is whole without one. */

import type { Model } from "../../ports/model.ts";

export function noModel(): Model {
  const away = async () => ({ ok: false, code: "not_configured" }) as const;
  return {
    secrets: [],
    host: "",
    can: { complete: false, embed: false },
    warm: async () => {},
    complete: away,
    embed: away,
  };
}
