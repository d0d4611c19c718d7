// accepts
export * from "@saldo/client-core/forecast";
export * from "@saldo/schema";
