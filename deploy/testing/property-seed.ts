import * as fc from "fast-check";

/**
 * `npm test` generates the same cases on every run, so that it fails for a change of the code and for nothing else. `npm run test:deep`
 * generates others each time: fast-check prints the seed of a case that fails.
 */
const seedOfTests = 20_260_101;

if (process.env["SALDO_TEST_DEEP"] !== "1") fc.configureGlobal({ seed: seedOfTests });
