// rejects: eslint(no-restricted-imports)
export * from "../../deploy/testing/postgres.ts";
