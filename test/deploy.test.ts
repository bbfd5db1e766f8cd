/** What lies in deploy/ is right as far as it can be proven without an engine: by the tools' own linters and dry runs. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { assemble } from "../bot/assemble.ts";
import { configFrom } from "../bot/config.ts";
import { MAX_IMPORT_BYTES, MAX_PAGE_BYTES, makeHealthServer } from "../bot/web/server.ts";
import { freePort } from "./servers.ts";

const root = join(import.meta.dirname, "..");
const deploy = join(root, "deploy");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const folder = mkdtempSync(join(tmpdir(), "ben-an-deploy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As compose does it, with a word for each variable. */
function filledIn(environment: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{[^}]*\}/g, "word")]),
  );
}

/** May we become another account, and may that one read this folder? */
function isSeenByNobody(): boolean {
  const asNobody = ["--reuid=nobody", "--clear-groups", "test", "-r", join(root, "package.json")];
  const isSeen = process.getuid?.() === 0 && spawnSync("/usr/bin/setpriv", asNobody).status === 0;
  if (!isSeen) console.warn("skipped: needs root, in a folder that others may read");
  return isSeen;
}

function lacks(program: string): boolean {
  const isMissing = spawnSync("which", [program]).status !== 0;
  if (isMissing) console.warn(`skipped: ${program} is not installed`);
  return isMissing;
}

describe("alerts and dashboard", () => {
  it.skipIf(lacks("promtool"))("are taken by promtool, and fire when they must", () => {
    for (const what of [
      ["check", "rules", "alerts.yaml"],
      ["test", "rules", "alerts.test.yaml"],
    ]) {
      const { status, stdout, stderr } = spawnSync("promtool", what, { cwd: deploy, encoding: "utf8" });
      expect(status, stdout + stderr).toBe(0);
    }
  });

  it("ask only for figures that the service gives", async () => {
    const config = configFrom({ DATA_DIR: folder });
    if (!config.ok) throw new Error(config.faults.join());
    const service = await assemble(config.config, { log: () => {} });
    const given = await service.services.health.metrics();
    await service.stop();
    // Redis is not there without REDIS_URL; `up` is Prometheus' own.
    const known = new Set(
      [...given.matchAll(/^# TYPE (\S+)/gm)].map((m) => m[1]).concat("benan_redis_up", "benan_redis_seconds"),
    );
    const asked = [
      ...(read("deploy/alerts.yaml") + read("deploy/grafana-dashboard.json")).matchAll(
        /\b(?:benan|process)_[a-z_]+/g,
      ),
    ];
    expect(asked.length).toBeGreaterThan(20);
    for (const [name] of asked) expect(known, name).toContain(name.replace(/_bucket$/, ""));
  }, 30_000);

  it("ask only for codes that the service logs", () => {
    const codes = [...read("deploy/alerts.yaml").matchAll(/\bcode=~?"([^"]+)"/g)].flatMap(([, list = ""]) =>
      list.split("|"),
    );
    const told = codes.concat(
      [...read("deploy/alerts.test.yaml").matchAll(/\bcode="([^"]+)"/g)].map(([, code = ""]) => code),
    );
    expect(told.length).toBeGreaterThan(8);
    const logged = execFileSync("grep", ["-rhoE", '^ *("[a-z_.-]+",$)|"(warn|error)", "[a-z_.-]+"', "bot"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const code of told) expect(logged, code).toContain(`"${code}"`);
  });

  it("have panels with a place and a question each", () => {
    const { panels } = JSON.parse(read("deploy/grafana-dashboard.json")) as {
      panels: { title: string; targets: { expr: string }[]; gridPos: object }[];
    };
    expect(panels.length).toBeGreaterThan(8);
    expect(new Set(panels.map((p) => JSON.stringify(p.gridPos))).size).toBe(panels.length);
    for (const { targets } of panels) for (const { expr } of targets) expect(expr).not.toBe("");
  });
});

describe("images and manifests", () => {
  it("run without rights, on a read-only root, from versions that are named", () => {
    const dockerfile = read("Dockerfile");
    const stages = dockerfile.split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    expect(stages[1]).toMatch(/^USER node$/m);
    expect(stages[1]).not.toMatch(/npm (ci|install)/);
    for (const file of ["Dockerfile", "compose.yaml"]) expect(read(file)).not.toMatch(/:latest/);
    // What it copies is there.
    for (const [, from = ""] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const name of from.split(" ")) expect(existsSync(join(root, name)), name).toBe(true);
    }
    const compose = parse(read("compose.yaml"), { merge: true }) as {
      services: Record<
        string,
        { read_only?: boolean; environment?: Record<string, string>; deploy?: { replicas: number } }
      >;
    };
    for (const role of ["web", "worker"]) {
      const service = compose.services[role];
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        deploy: { replicas: 2 },
        environment: { ROLE: role },
      });
      const { faults } = {
        faults: [],
        ...configFrom({ ...filledIn(service?.environment), PUBLIC_URL: "https://chat.example.org" }),
      };
      expect(faults).toEqual([]);
    }
  });

  it("listen where the image says and keep to its folder, even with settings made from .env.example", () => {
    const example = parseEnv(read(".env.example"));
    const compose = parse(read("compose.yaml"), { merge: true }) as {
      services: Record<string, { environment?: Record<string, string> }>;
    };
    const given = ["web", "worker"].flatMap((role) => {
      const [deployment] = parseAllDocuments(read(`deploy/kubernetes/${role}.yaml`)).map((d) => d.toJS());
      const { env } = deployment.spec.template.spec.containers[0] as {
        env: { name: string; value: string }[];
      };
      return [
        filledIn(compose.services[role]?.environment),
        Object.fromEntries(env.map((e) => [e.name, e.value])),
      ];
    });
    expect(given).toHaveLength(4);
    for (const own of given) {
      const needed = { DATABASE_URL: "postgres://db/bot", REDIS_URL: "redis://redis" };
      const taken = configFrom({ ...example, ...needed, ...own, PUBLIC_URL: "https://chat.example.org" });
      expect(taken.ok ? [] : taken.faults).toEqual([]);
      expect(taken).toMatchObject({ ok: true, config: { host: "0.0.0.0", port: 8080, dataDir: "/data" } });
    }
  });

  it("leave in the image what is compiled, by the account and with the flags that it is started with", () => {
    const [, last = ""] = read("Dockerfile").split(/^USER node$/m);
    const flags = /^CMD \["node", (?:"(--[^"]+)", )*"bot\/main\.ts"\]$/m.exec(last)?.[1];
    expect(flags).toBeDefined();
    expect(last).toMatch(new RegExp(`^RUN .*\\bnode ${flags} bot/cli\\.ts doctor\\b`, "m"));
  });

  it("write down nowhere who came when", () => {
    expect(read("deploy/kubernetes/web.yaml")).toContain('ingress.kubernetes.io/enable-access-log: "false"');
    const page = read("deploy/README.md");
    for (const line of [
      "access_log off;",
      "error.log crit;",
      "exclude http.log.error http.handlers.reverse_proxy",
    ])
      expect(page).toContain(line);
  });

  it("let through what the service takes, and keep a person's words in memory", () => {
    const page = read("deploy/README.md");
    const [, , , ingress] = parseAllDocuments(read("deploy/kubernetes/web.yaml")).map((d) => d.toJS());
    const of = ingress?.metadata.annotations as Record<string, string>;
    const [import_, words] = [`${MAX_IMPORT_BYTES / 2 ** 20}m`, `${MAX_PAGE_BYTES / 1024}k`];
    expect(page).toContain(`client_max_body_size ${import_};`);
    expect(page).toContain(`client_body_buffer_size ${words};`);
    expect(of["nginx.ingress.kubernetes.io/proxy-body-size"]).toBe(import_);
    expect(of["nginx.ingress.kubernetes.io/client-body-buffer-size"]).toBe(words);
  });

  it("send people to the page while the database is away: it has numbers to call", () => {
    const [web] = parseAllDocuments(read("deploy/kubernetes/web.yaml")).map((d) => d.toJS());
    expect(web.spec.template.spec.containers[0].readinessProbe).toMatchObject({
      httpGet: { path: "/livez", port: "http" },
    });
    expect(read("deploy/README.md")).not.toContain("health_uri /readyz");
  });

  it("notice a process that is frozen: its socket still takes calls", async () => {
    const health = { report: () => new Promise(() => {}) } as never;
    for (const role of ["web", "worker"]) {
      const [{ spec }] = parseAllDocuments(read(`deploy/kubernetes/${role}.yaml`)).map((d) => d.toJS());
      const { livenessProbe, readinessProbe } = spec.template.spec.containers[0];
      for (const probe of [livenessProbe, readinessProbe])
        expect(["/livez", "/readyz"], role).toContain(probe.httpGet?.path);
      // Whatever the database does.
      const answer = await makeHealthServer(health).request(livenessProbe.httpGet.path);
      expect(answer.status).toBe(200);
    }
  });

  it("show numbers of the directory when no web answers, and nothing that tells what the page is", () => {
    const away = read("deploy/away.html");
    const directory = read("knowledge/directory/services.yaml");
    const shown = [...away.matchAll(/href="tel:(\d+)">([\d ]+?) – ([^<]+)</g)];
    expect(shown.map(([, number]) => number)).toEqual(["113", "115", "111", "1900969680"]);
    for (const [, number = "", written = "", name = ""] of shown) {
      expect(written.replaceAll(" ", "")).toBe(number);
      expect(directory).toContain(`number: "${written}"`);
      expect(directory).toContain(name);
    }
    expect(away).toContain(parse(read("flows/settings.yaml")).exit_url);
    expect(away.replace(/<!--.*?-->/gs, "")).not.toMatch(/bến an|bạo|hại|violence/i);
    expect(read("deploy/README.md").match(/away\.html/g)?.length).toBeGreaterThan(3);
  });

  it("are whole for Kubernetes", () => {
    const docs = ["web.yaml", "worker.yaml"].flatMap((f) =>
      parseAllDocuments(read(`deploy/kubernetes/${f}`)).map((d) => d.toJS() as Record<string, unknown>),
    );
    for (const doc of docs)
      expect(doc).toMatchObject({
        apiVersion: expect.any(String),
        kind: expect.any(String),
        metadata: { name: expect.any(String) },
      });
    const deployments = docs.filter((d) => d.kind === "Deployment") as {
      spec: {
        selector: { matchLabels: object };
        template: { metadata: { labels: object }; spec: { containers: object[] } };
      };
    }[];
    expect(deployments).toHaveLength(2);
    for (const { spec } of deployments) {
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
      expect(spec.template.spec).toMatchObject({
        securityContext: { runAsNonRoot: true },
        automountServiceAccountToken: false,
      });
      expect(spec.template.spec.containers[0]).toMatchObject({
        securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      });
    }
  });

  it.skipIf(lacks("kubectl"))("are put together by kustomize", () => {
    const built = execFileSync("kubectl", ["kustomize", join(deploy, "kubernetes")], { encoding: "utf8" });
    expect(built.match(/^kind: Deployment$/gm)).toHaveLength(2);
    expect(built).toContain("image: registry.example.org/ben-an:0.2.0");
  });
});

describe("systemd units", () => {
  it("keep to their folder even with settings made from .env.example", () => {
    for (const unit of readdirSync(join(deploy, "systemd")).filter((name) => name.endsWith(".service")))
      expect(read(`deploy/systemd/${unit}`), unit).toMatch(
        /^ExecStart=.*\benv DATA_DIR=\/var\/lib\/ben-an /m,
      );
    expect(read("deploy/cli")).toContain("data=/var/lib/ben-an\n");
  });

  it.skipIf(!isSeenByNobody())("have a command line with the service's account, settings and data", () => {
    const data = join(folder, "of-the-service");
    const settings = join(folder, "settings.env");
    mkdirSync(data, { mode: 0o700 });
    execFileSync("chown", ["nobody:nogroup", data]);
    chmodSync(folder, 0o755);
    writeFileSync(settings, "PUBLIC_URL=https://chat.example.org\nDATA_DIR=.data\n", { mode: 0o600 });
    const script = read("deploy/cli")
      .replace(/^settings=.*$/m, `settings=${settings}`)
      .replace(/^data=.*$/m, `data=${data}`)
      .replace("initgroups('$account','$account')", "initgroups('nobody','nogroup')")
      .replace("setgid('$account')", "setgid('nogroup')")
      .replace(/^account=.*$/m, "account=nobody")
      .replace('cd "$(dirname "$0")/.."', `cd ${root}`);
    const run = (...verb: string[]) =>
      spawnSync("sh", ["-c", script, "cli", ...verb], { cwd: "/", encoding: "utf8" });
    expect(run("keys", "create")).toMatchObject({ status: 0, stderr: "" });
    expect(run("keys", "show-id").stdout).toMatch(/^[0-9a-f]{16}\n$/);
    const key = statSync(join(data, "master.key"));
    expect([key.uid, key.mode & 0o777]).toEqual([statSync(data).uid, 0o600]);
  });

  it.skipIf(lacks("systemd-analyze"))("are taken by systemd's own check", () => {
    const units = readdirSync(join(deploy, "systemd"));
    for (const unit of units) {
      // The programs are not installed here: their places are filled with one that is.
      const text = read(`deploy/systemd/${unit}`).replaceAll(
        "/opt/ben-an/node_modules/.bin/node",
        process.execPath,
      );
      writeFileSync(join(folder, unit.replace("@.", "@web-8081.")), text);
    }
    const files = readdirSync(folder)
      .filter((f) => /\.(service|timer)$/.test(f))
      .map((f) => join(folder, f));
    const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], {
      encoding: "utf8",
    });
    // It also speaks of the units of this computer; ours must not be named.
    const about = (stdout + stderr).split("\n").filter((line) => line.includes("ben-an"));
    expect(about).toEqual([]);
  });
});

describe("the page on running it", () => {
  const page = read("deploy/README.md");

  it("names only verbs, files and scripts that there are", () => {
    const help = spawnSync(process.execPath, ["bot/cli.ts"], { cwd: root, encoding: "utf8" }).stderr;
    for (const [, verb = ""] of page.matchAll(/npm run -s cli -- ([a-z]+)/g))
      expect(help, verb).toMatch(new RegExp(`^  (.*\\b)?${verb}\\b`, "m"));
    const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;
    for (const [, name = ""] of page.matchAll(/npm run (?!-s)([\w:]+)/g))
      expect(scripts, name).toHaveProperty(name);
    for (const [, name = ""] of page.matchAll(/`([\w-]+\.(?:ya?ml|json|service))`/g)) {
      if (name === "settings.env") continue;
      expect(
        [root, deploy, join(deploy, "systemd")].some((f) => existsSync(join(f, name))),
        name,
      ).toBe(true);
    }
  });

  it("names every alert's figure under the name that is scraped, and alerts that exist", () => {
    const alerts = [...read("deploy/alerts.yaml").matchAll(/- alert: (\w+)/g)].map((m) => m[1]);
    for (const [, name = ""] of page.matchAll(/alert `(\w+)`/g)) expect(alerts).toContain(name);
  });

  const nginxBlock = () => /# nginx\n([\s\S]*?)\n\nNo sticky/.exec(page)?.[1] ?? "";
  const plain = (listen: string) =>
    nginxBlock()
      .replace("listen 443 ssl http2;", `listen ${listen};`)
      .replaceAll(/ssl_certificate\S* .*;/g, "");

  it.skipIf(lacks("nginx"))("gives nginx what it takes", () => {
    writeFileSync(
      join(folder, "nginx.conf"),
      `pid ${join(folder, "nginx.pid")};\nerror_log stderr;\nevents {}\nhttp {\n${plain("8443 http2")}\n}`,
    );
    const { status, stderr } = spawnSync("nginx", ["-t", "-c", join(folder, "nginx.conf")], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
  });

  it.skipIf(lacks("nginx"))(
    "lets nobody wait for a web that is frozen, or whose machine is gone",
    async () => {
      const served = createServer((incoming, outgoing) => {
        incoming.resume().on("end", () => outgoing.end("well"));
      });
      const frozen = createServer(() => undefined);
      const [well, stuck, front] = [await freePort(), await freePort(), await freePort()];
      await new Promise<void>((resolve) => served.listen(well, "127.0.0.1", resolve));
      await new Promise<void>((resolve) => frozen.listen(stuck, "127.0.0.1", resolve));
      const settings = join(folder, "frozen.conf");
      const block = plain(`127.0.0.1:${front}`)
        .replaceAll(":8081", `:${stuck}`)
        .replaceAll(":8082", `:${well}`)
        .replace("/var/log/nginx", folder);
      writeFileSync(
        settings,
        `daemon off;\nuser root;\npid ${join(folder, "frozen.pid")};\nerror_log ${join(folder, "frozen.log")};\nevents {}\nhttp {\n${block}\n}`,
      );
      // Nothing here can play a machine that is gone; the shortest webhook must leave time for the other web.
      expect(block).toContain("proxy_connect_timeout 1s;");
      const nginx = spawn("nginx", ["-c", settings], { stdio: "ignore" });
      const within = async (ms: number, path: string, body?: string) => {
        const started = Date.now();
        const answer = await fetch(`http://127.0.0.1:${front}${path}`, {
          ...(body === undefined ? {} : { method: "POST", body }),
          signal: AbortSignal.timeout(20_000),
        }).then(
          (a) => a.text(),
          (error: unknown) => String(error),
        );
        return Date.now() - started < ms ? answer : `after ${Date.now() - started} ms: ${answer}`;
      };
      try {
        await expect.poll(() => within(1_000, "/hooks/try", ""), { timeout: 10_000 }).toBe("well");
        // Zalo waits two seconds, and takes the webhook away from everybody when that happens often.
        for (let n = 0; n < 4; n += 1) expect(await within(1_950, "/hooks/zalo-oa", "{}")).toBe("well");
        // Her page gives up after twelve. Whoever comes next meets no frozen one for a while.
        const lines = ["/api/page/write", "/api/page/write", "/", "/"];
        for (const path of lines)
          expect(await within(11_000, path, path === "/" ? undefined : "{}"), path).toBe("well");
      } finally {
        nginx.kill("SIGTERM");
        for (const server of [served, frozen]) {
          server.closeAllConnections();
          server.close();
        }
      }
    },
    60_000,
  );
});
