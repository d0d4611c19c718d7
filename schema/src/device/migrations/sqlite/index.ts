import { statements as m0001 } from "./0001_initial.ts";
import { statements as m0002 } from "./0002_import-groups-and-kinds.ts";
import { statements as m0003 } from "./0003_sums-of-shapes.ts";
import { statements as m0004 } from "./0004_ai-names-and-usage.ts";
import { statements as m0005 } from "./0005_category-merges-and-activities.ts";
import { statements as m0006 } from "./0006_rollups.ts";
import { statements as m0007 } from "./0007_counterparty-sums.ts";
import { statements as m0008 } from "./0008_scenarios.ts";

/** Every migration of this target, in order. */
export const migrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [
  { name: "0001_initial", statements: m0001 },
  { name: "0002_import-groups-and-kinds", statements: m0002 },
  { name: "0003_sums-of-shapes", statements: m0003 },
  { name: "0004_ai-names-and-usage", statements: m0004 },
  { name: "0005_category-merges-and-activities", statements: m0005 },
  { name: "0006_rollups", statements: m0006 },
  { name: "0007_counterparty-sums", statements: m0007 },
  { name: "0008_scenarios", statements: m0008 },
];
