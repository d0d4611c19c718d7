// accepts
export * from "@saldo/client-core";
export * from "@saldo/schema";
