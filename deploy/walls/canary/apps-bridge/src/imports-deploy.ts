// rejects: eslint(no-restricted-imports)
export * from "../../deploy/bench/bench.ts";
