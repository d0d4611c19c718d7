export { trainCategoriser, type Categoriser, type LabelledRow, type Verdict, type Why } from "./categoriser.ts";
export type { CategoriserRow } from "./features.ts";
export { readLabelledTable, type TableColumns, type TableRow } from "./labelled-table.ts";
