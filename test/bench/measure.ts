/** What every bench needs: medians, what a process has used, how fast the disk is, and on what all this was measured. */

import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

export function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

export function quantile(all: readonly number[], q: number): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length * q)] ?? 0;
}

/** The median of each of ours over the one of theirs in the same round, so that a busy minute meets both. */
export function ratio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((rate, i) => rate / (theirs[i] ?? Number.NaN)));
}

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

/** Processor time that a process has used, ms; of those that it started and that have ended only when `andEnded`. */
export function cpuMs(pid: number, andEnded = false): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return fields.slice(11, andEnded ? 15 : 13).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

/** The same of a server and all that it started. */
export function treeCpuMs(root: number): number {
  const own = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === root);
  return own.reduce((sum, pid) => sum + orNothing(() => cpuMs(Number(pid))), cpuMs(root, true));
}

/** 0: it has ended. */
export function parentOf(pid: number): number {
  return orNothing(() => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]));
}

function orNothing(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

/** Memory that a process holds now, MB. */
export function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
}

/** How often a second this disk can promise a page, one after the other: no turn by itself can be faster. */
export function fsyncRate(folder: string): number {
  const file = join(folder, "fsync");
  const handle = openSync(file, "w");
  const page = Buffer.alloc(4_096);
  const started = performance.now();
  let n = 0;
  for (; performance.now() - started < 1_000; n += 1) {
    writeSync(handle, page, 0, page.length, 0);
    fdatasyncSync(handle);
  }
  closeSync(handle);
  rmSync(file);
  return n;
}

export function machine(): string {
  const [first] = cpus();
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  return `${cpus().length} × ${first?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${load}, ${new Date().toISOString().slice(0, 16)}Z`;
}
