import { statements as m0001 } from "./0001_initial.ts";

/** Every migration of this target, in order. */
export const migrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [
  { name: "0001_initial", statements: m0001 },
];
