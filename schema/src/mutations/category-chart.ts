import { z } from "zod";
import { chart, chartCategoryId, chartKeys } from "../categories/chart.ts";
import { field } from "./fields.ts";
import { defineMutation } from "./mutation.ts";

/**
 * Gives books without any category the default chart in a language; does nothing in books that have one. Its categories take their colours when
 * they are first used.
 */
export const categoryAddChart = defineMutation({
  name: "category.addChart",
  version: 1,
  permission: "edit",
  args: z.strictObject({ locale: field.locale, createdAt: field.instant }),
  async run(rows, { locale, createdAt }, { workspaceId }) {
    if ((await rows.count("category", {})) > 0) return;
    for (const key of chartKeys) {
      const { kind, activity, name, parent } = chart[key];
      const parentId = parent === null ? null : chartCategoryId(parent, locale);
      await rows.insert("category", { id: chartCategoryId(key, locale), workspaceId, name: name[locale], kind, parentId, slot: 0, archived: false, createdAt, mergedIntoId: null, activity });
    }
  },
});
