// rejects: eslint(no-restricted-imports)
export * from "../../deploy/postgres/index.ts";
