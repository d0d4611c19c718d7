import { defineConfig } from "vitest/config";
import { LongestFirst } from "./deploy/testing/longest-first.ts";

const deep = process.env["SALDO_TEST_DEEP"] === "1";

// Limits are there to end what hangs. No test is about time, so that each is far beyond what a slow machine needs.
export default defineConfig({
  test: {
    include: ["{schema,client-core,sync-server,compute,apps-bridge,deploy}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/canary/**", ...(deep ? [] : ["**/*.deep.test.{ts,tsx}"])],
    globalSetup: ["./deploy/testing/global-setup.ts"],
    setupFiles: ["./deploy/testing/property-seed.ts"],
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: deep ? 600_000 : 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
    expect: { poll: { timeout: 120_000, interval: 20 } },
    allowOnly: false,
    retry: 0,
  },
});
