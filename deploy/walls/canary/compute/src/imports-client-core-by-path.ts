// rejects: eslint(no-restricted-imports)
export * from "../../client-core/src/index.ts";
