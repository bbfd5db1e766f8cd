/** The console's door: fonts, styles, queries, and the app. */

import "@fontsource/be-vietnam-pro/vietnamese-400.css";
import "@fontsource/be-vietnam-pro/vietnamese-600.css";
import "@fontsource/be-vietnam-pro/latin-400.css";
import "@fontsource/be-vietnam-pro/latin-600.css";
import "@fontsource/be-vietnam-pro/latin-ext-400.css";
import "@fontsource/be-vietnam-pro/latin-ext-600.css";
import "./style.css";
import "./frame.css";
import "./desk.css";
import "./content.css";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Refused } from "./api.ts";
import { App } from "./app.tsx";
import { WordsProvider } from "./speech.tsx";
import { Whole } from "./whole.tsx";

// Whatever learns first that the session is over brings the sign-in screen.
const onError = (error: unknown) => {
  if (error instanceof Refused && error.code === "signed_out") {
    void queries.invalidateQueries({ queryKey: ["me"] });
  }
};
const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== "me" && onError(error) }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: 1, staleTime: 5_000, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <WordsProvider>
          <Whole>
            <App />
          </Whole>
        </WordsProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
