/** The direction of imports (bot/README.md): down, never up, never between wings or two adapters; no circles. */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    {
      name: "core-decides-and-touches-nothing",
      comment: "the core knows itself and the schema library",
      severity: "error",
      from: { path: "^bot/core/" },
      to: { pathNot: ["^bot/core/", "^node_modules/zod/"] },
    },
    {
      name: "ports-are-interfaces-over-the-core",
      severity: "error",
      from: { path: "^bot/ports/" },
      to: { pathNot: ["^bot/(core|ports)/"] },
    },
    {
      name: "app-knows-ports-and-core",
      severity: "error",
      from: { path: "^bot/app/" },
      to: { path: ["^bot/(adapters|web|console|tools)/", "^bot/[^/]+\\.ts$", "^bot/assemble/"] },
    },
    {
      name: "adapters-never-see-the-web-nor-the-app",
      severity: "error",
      from: { path: "^bot/adapters/" },
      to: { path: ["^bot/(app|web|console|tools)/", "^bot/[^/]+\\.ts$", "^bot/assemble/"] },
    },
    {
      name: "no-adapter-sees-another",
      comment: "what several share stands beside them in bot/adapters itself",
      severity: "error",
      from: { path: "^bot/adapters/([^/]+)/" },
      to: { path: "^bot/adapters/[^/]+/", pathNot: "^bot/adapters/$1/" },
    },
    {
      name: "web-never-sees-adapters",
      severity: "error",
      from: { path: "^bot/web/" },
      to: { path: ["^bot/(adapters|console|tools)/", "^bot/[^/]+\\.ts$", "^bot/assemble/"] },
    },
    {
      name: "console-knows-types-only",
      comment: "the browser side knows the web API's types, nothing else of bot/",
      severity: "error",
      from: { path: "^bot/console/" },
      to: { path: "^bot/(?!console/)", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-a-door",
      severity: "error",
      from: { path: "^bot/", pathNot: ["^bot/[^/]+\\.ts$", "^bot/assemble/", "^bot/tools/"] },
      to: { path: "^bot/(main|cli|config|assemble)\\.ts$" },
    },
    { name: "no-orphans-of-npm", severity: "error", from: { path: "^bot/" }, to: { dependencyTypes: ["npm-dev", "unknown", "undetermined"] } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"], extensions: [".ts", ".tsx", ".js", ".json"] },
  },
};
