import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Whole services, browsers and databases run beside each other on two cores.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A second try, which the closing line names with what failed: a window that stood still for seconds is no fault of ours,
    // but a race is one, so nothing is passed over in silence.
    retry: 1,
    // A second, which is usual, is little for a browser or a database on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default", "./test/closing-line.ts"],
  },
});
