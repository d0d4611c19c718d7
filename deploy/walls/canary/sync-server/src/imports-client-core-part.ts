// rejects: eslint(no-restricted-imports)
export * from "@saldo/client-core/import";
