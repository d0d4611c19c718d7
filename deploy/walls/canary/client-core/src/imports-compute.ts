// rejects: eslint(no-restricted-imports)
export * from "@saldo/compute";
