/** Asking the web wing without a port, as a browser on our own page would. */

import { TEST_PASSWORD } from "./fake-accounts.ts";
import type { fakeHouse } from "./fake-services.ts";

export type House = ReturnType<typeof fakeHouse>;
export const OURS = {
  "sec-fetch-site": "same-origin",
  "x-asked-by": "page",
  "content-type": "application/json",
};

/** One JSON request; `cookie` as the browser would send it. */
export async function ask(
  house: House,
  method: "GET" | "POST",
  path: string,
  more: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
) {
  const response = await house.app.request(`http://localhost${path}`, {
    method,
    headers: {
      ...(method === "POST" ? OURS : {}),
      ...(more.cookie ? { cookie: more.cookie } : {}),
      ...more.headers,
    },
    ...(method === "POST" ? { body: JSON.stringify(more.body ?? {}) } : {}),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

/** Signs in and gives the cookie. */
export async function signIn(house: House, login: string): Promise<string> {
  const answer = await ask(house, "POST", "/api/staff/sign-in", { body: { login, password: TEST_PASSWORD } });
  return cookieOf(answer.headers);
}

/** The first cookie that an answer sets, as a request header. */
export function cookieOf(headers: Headers): string {
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}
