import { statements as m0001 } from "./0001_initial.ts";
import { statements as m0002 } from "./0002_import-groups-and-kinds.ts";

/** Every migration of this target, in order. */
export const migrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [
  { name: "0001_initial", statements: m0001 },
  { name: "0002_import-groups-and-kinds", statements: m0002 },
];
