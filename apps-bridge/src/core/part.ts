import type { saldoMethods } from "../bridge/contract/index.ts";
import type { Handlers } from "../bridge/server.ts";

type All = Handlers<typeof saldoMethods>;

/** The handlers of one part of the contract: those whose names begin with one of the prefixes. */
export type HandlersOf<Prefix extends string> = Pick<All, Extract<keyof All, `${Prefix}.${string}`>>;
