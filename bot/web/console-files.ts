/** The console's built files, served from memory: nothing outside the build folder can ever be named. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { Hono } from "hono";
import { freshNonce, policy } from "./security.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".png": "image/png",
};

/** Stands in index.html wherever a nonce belongs (vite's `html.cspNonce`). */
export const NONCE_MARK = "__NONCE__";

type Files = ReadonlyMap<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>;

export function consoleRoutes(consoleDir: string): Hono {
  const app = new Hono();
  let files: Files | null = null;
  const load = () => {
    // Read once it is there: the first start builds the console after the server is made.
    files ??= readTree(consoleDir);
    return files;
  };
  app.get("/console", (c) => c.redirect("/console/", 302));
  app.get("/console/*", (c) => {
    const path = c.req.path.slice("/console/".length);
    const found = load()?.get(path === "" ? "index.html" : path);
    if (!load()) return c.text("The console is not built yet: npm run build\n", 503);
    if (!found) return c.notFound();
    if (found.type.startsWith("text/html")) {
      const nonce = freshNonce();
      c.header("Content-Security-Policy", consolePolicy(nonce));
      return c.html(Buffer.from(found.bytes).toString("utf8").replaceAll(NONCE_MARK, nonce));
    }
    // The name of an asset contains the hash of its content.
    if (path.startsWith("assets/")) c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body(found.bytes, 200, { "Content-Type": found.type });
  });
  return app;
}

/** The editor adds its own style sheets while it runs: they carry the nonce. */
function consolePolicy(nonce: string): string {
  return policy({
    script: `'self' 'nonce-${nonce}'`,
    style: `'self' 'nonce-${nonce}'`,
    font: "'self'",
    connect: "'self'",
    img: "'self' data:",
  });
}

function readTree(root: string): Files | null {
  if (!statSync(join(root, "index.html"), { throwIfNoEntry: false })) return null;
  const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(root, path).split(sep).join("/"), { bytes: new Uint8Array(readFileSync(path)), type });
  }
  return files;
}
