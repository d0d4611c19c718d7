// accepts
export * from "@saldo/schema";
