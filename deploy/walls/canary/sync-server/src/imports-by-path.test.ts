// rejects: eslint(no-restricted-imports)
export * from "../../schema/src/index.ts";
