/** How the console is built: `vite build -c bot/console/vite.config.ts` → dist/console, hashed names, a nonce for each answer. */

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/console/",
  plugins: [react()],
  // The server puts a fresh nonce in its place (console-files.ts).
  html: { cspNonce: "__NONCE__" },
  build: {
    outDir: here("../../dist/console"),
    emptyOutDir: true,
    // Fonts and icons as files: our policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
});
