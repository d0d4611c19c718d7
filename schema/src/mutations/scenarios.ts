import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { JsonValue } from "../json.ts";
import { categoryComponentId, categoryOfComponent, whatIfList, type WhatIf } from "../reports/what-if.ts";
import { requireCategory } from "./category-references.ts";
import { field } from "./fields.ts";
import { scenariosMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { RowStore } from "./row-store.ts";

/** Keeps changes to try on the forecast under a name. */
export const scenarioCreate = defineMutation({
  name: "scenario.create",
  version: 1,
  permission: "edit",
  args: z.strictObject({ id: field.id, name: field.name, currency: field.currency, changes: whatIfList, createdAt: field.instant }),
  async run(rows, scenario, { workspaceId }) {
    if ((await rows.list("scenario", {})).length >= scenariosMax) throw new SaldoError("mutation.invalid_arguments", { scenariosMax });
    await rows.insert("scenario", { ...scenario, changes: await meantChanges(rows, scenario.changes), workspaceId });
  },
});

/** Renames a scenario or gives it other changes, with the currency their amounts are in; what is not named stays. */
export const scenarioUpdate = defineMutation({
  name: "scenario.update",
  version: 1,
  permission: "edit",
  args: z.strictObject({ scenarioId: field.id, name: field.name.optional(), tried: z.strictObject({ currency: field.currency, changes: whatIfList }).optional() }),
  async run(rows, { scenarioId, name, tried }) {
    await rows.patch("scenario", scenarioId, {
      ...(name === undefined ? {} : { name }),
      ...(tried === undefined ? {} : { currency: tried.currency, changes: await meantChanges(rows, tried.changes) }),
    });
  },
});

/** Removes a scenario. */
export const scenarioRemove = defineMutation({
  name: "scenario.remove",
  version: 1,
  permission: "edit",
  args: z.strictObject({ scenarioId: field.id }),
  async run(rows, { scenarioId }) {
    await rows.remove("scenario", scenarioId);
  },
});

/** Scenarios that change expenses of a category, and its id in them, go over to another. */
export async function moveScenarios(rows: RowStore, from: string, into: string): Promise<void> {
  for (const { id, changes } of await rows.list("scenario", {})) {
    const parsed = whatIfList.safeParse(changes);
    if (!parsed.success || !parsed.data.some((change) => categoryOf(change) === from)) continue;
    await rows.patch("scenario", id, { changes: parsed.data.map((change) => changeJson(categoryOf(change) === from ? withCategory(change, into) : change)) });
  }
}

/** Ids of categories that changes of scenarios are about. */
export async function categoriesOfScenarios(rows: RowStore): Promise<string[]> {
  return (await rows.list("scenario", {})).flatMap(({ changes }) => {
    const parsed = whatIfList.safeParse(changes);
    return parsed.success ? parsed.data.flatMap((change) => categoryOf(change) ?? []) : [];
  });
}

/** Changes of a category that was merged into another are meant for that one; those of one that is not there stay, and change nothing. */
async function meantChanges(rows: RowStore, changes: readonly WhatIf[]): Promise<JsonValue> {
  const meant: JsonValue[] = [];
  for (const change of changes) {
    const categoryId = categoryOf(change);
    const isThere = categoryId !== undefined && (await rows.get("category", categoryId)) !== undefined;
    meant.push(changeJson(isThere ? withCategory(change, await requireCategory(rows, categoryId)) : change));
  }
  return meant;
}

function categoryOf(change: WhatIf): string | undefined {
  return change.kind === "percent" ? categoryOfComponent(change.componentId) : undefined;
}

function withCategory(change: WhatIf, categoryId: string): WhatIf {
  return change.kind === "percent" ? { ...change, componentId: categoryComponentId(categoryId) } : change;
}

function changeJson(change: WhatIf): JsonValue {
  return field.json.parse(change);
}
