/** What the platforms call. */

import type { ChannelName } from "../../core/message.ts";
import type { WebhookRequest } from "../../ports/channel.ts";

export interface Hooks {
  /** Proves, persists, and only then says 200. 503: the store is away, let the platform send again. */
  take(channel: ChannelName, request: WebhookRequest): Promise<200 | 400 | 401 | 403 | 404 | 503>;
}
