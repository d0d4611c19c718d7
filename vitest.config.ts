import { defineConfig } from "vitest/config";

const deep = process.env["SALDO_TEST_DEEP"] === "1";

export default defineConfig({
  test: {
    include: ["{schema,client-core,sync-server,compute,apps-bridge,deploy}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/canary/**", ...(deep ? [] : ["**/*.deep.test.{ts,tsx}"])],
    globalSetup: ["./deploy/testing/global-setup.ts"],
    setupFiles: ["./deploy/testing/property-seed.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: deep ? 600_000 : 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    retry: 0,
  },
});
