// How the tests run: the sources of lib/ by relative path; what runs as a process of its own uses the built package.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/set-up.ts"],
    // Each file in a process of its own: the addon, the running loop and process-wide handlers are per process.
    pool: "forks",
    maxWorkers: 2,
    // Generous: a busy machine makes a test slow, never wrong.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: { include: ["lib/**"] },
  },
});
