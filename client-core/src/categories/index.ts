export { createBookCategoriser, type BookCategoriser, type BookWhy, type Suggestion } from "./book-categoriser.ts";
export { trainCategoriser, type Categoriser, type LabelledRow, type Verdict, type Why } from "./categoriser.ts";
export type { CategoriserRow } from "./features.ts";
export { readLabelledTable, type TableColumns, type TableRow } from "./labelled-table.ts";
export { categoriseOpenRows, reviewBooks, type Review, type ReviewGroup } from "./review.ts";
export { applyRule, findRuleRows, type RuleReach } from "./rules.ts";
export { readOpenRows } from "./book-rows.ts";
