export { chart, chartCategoryId, chartKeys, type ChartCategory, type ChartKey } from "./categories/chart.ts";
export { errorCatalogue, errorEntry, isErrorCode, type ErrorCode } from "./errors/catalogue.ts";
export type { ErrorEntry } from "./errors/entry.ts";
export { errorBody, SaldoError, type ErrorBody, type ErrorDetail } from "./errors/saldo-error.ts";
export {
  allocateMinor,
  currencyExponent,
  formatMinorDecimal,
  minor,
  minorFromDatabase,
  noCurrency,
  parseDecimalMinor,
  sumMinor,
  type Minor,
} from "./money.ts";
export { deviceTables, type DeviceTableName } from "./device/bookkeeping.ts";
export { migrations as pgliteMigrations } from "./device/migrations/pglite/index.ts";
export { migrations as sqliteMigrations } from "./device/migrations/sqlite/index.ts";
export {
  canonicalText,
  decodeRecord,
  fromStored,
  tableCodec,
  toBound,
  type BoundValue,
  type CodecColumn,
  type Dialect,
  type LogicalValue,
  type TableCodec,
} from "./dialects/codec.ts";
export { serverKey, toPgliteTable, toServerTable } from "./dialects/pg.ts";
export { columnSchema, rowSchema } from "./dialects/rows.ts";
export { toSqliteTable } from "./dialects/sqlite.ts";
export { idOfFinding, idOfJobResult, idOfName, idOfRecommendation, normaliseName, overviewReportId, seededIds, systemIds, type IdSource } from "./ids.ts";
export { analyzeParameters, forecastHorizonMonthsMax, forecastParameters, isJobKind, jobKinds, jobPriorities, type JobKind, type JobPriority } from "./jobs/kinds.ts";
export { canonicalJson, compareBytewise, type JsonValue } from "./json.ts";
export { categorySlots, freeSlot } from "./mutations/categories.ts";
export { isRevertibleColumn, isRevertibleKind, isRevertibleTable, rowChange, type RevertibleTable, type RowChange } from "./mutations/edit-revert.ts";
export { importedRows, readyForImportRows, type ImportRow, type ImportRowDetails } from "./mutations/import-rows.ts";
export { isMutationName, mutations, type MutationArgs, type MutationName } from "./mutations/index.ts";
export {
  comparedImportsMax,
  importBatchRowsMax,
  importNamesMax,
  importRowsMax,
  logoBytesMax,
  nameLengthMax,
  noteUpdateBytesMax,
  revertChangesMax,
  rulesMax,
  scenariosMax,
  selectionMax,
  splitPartsMax,
  statementsMax,
  textLengthMax,
} from "./mutations/limits.ts";
export { exchangeRateForm } from "./mutations/exchange-rates.ts";
export { isUnder } from "./mutations/category-tree.ts";
export type { SplitPart } from "./mutations/splits.ts";
export { isPermitted, type MutationContext, type Permission, type Role } from "./mutations/mutation.ts";
export type { Patch, RowStore, Where } from "./mutations/row-store.ts";
export { addMonths, daysInMonth, firstDay, lastDay, monthOf, monthRange, type Month } from "./periods.ts";
export { dashboardReport, dashboardRisk, type DashboardReport, type DashboardRisk } from "./reports/dashboard.ts";
export {
  analysisWords,
  changeSentencesMax,
  explainedChangesMax,
  figureOfSide,
  namedFindingsMax,
  suggestedRowsMax,
  type AnalysisWords,
  type FigureOfSide,
} from "./reports/analysis-words.ts";
export {
  analysisQuality,
  finding,
  findingEvidence,
  findingKinds,
  findingRowsMax,
  findingVerdict,
  type AnalysisQuality,
  type Finding,
  type FindingEvidence,
  type FindingFacts,
  type FindingKind,
  type FindingVerdict,
} from "./reports/findings.ts";
export {
  bridgeStepsMax,
  detailCounterpartiesMax,
  detailReport,
  type DetailCategory,
  type DetailFigures,
  type DetailLine,
  type DetailReport,
} from "./reports/detail.ts";
export { periodChoice, periodKinds, reportDays, type PeriodChoice, type ReportComparisons, type ReportDays, type ReportPeriod } from "./reports/period.ts";
export { rowsBehind, type RowsBehind } from "./reports/rows-behind.ts";
export { backtest, forecastReport, type ForecastReport } from "./reports/forecast.ts";
export {
  businessBacktest,
  forecastComponent,
  forecastReport2,
  knownPayment,
  type BusinessBacktest,
  type BusinessForecast,
  type ForecastComponent,
  type KnownPayment,
} from "./reports/forecast-business.ts";
export { categoryComponentId, whatIf, whatIfChangesMax, whatIfList, whatIfPercentMax, whatIfPercentMin, type WhatIf } from "./reports/what-if.ts";
export { forecastRange, type ForecastRange } from "./reports/forecast-parts.ts";
export {
  counterpartyNamesMax,
  figureName,
  figureRowIdsMax,
  figureRows,
  recommendationCheck,
  recommendationCode,
  recommendationEffect,
  recommendationFigure,
  recommendationItem,
  recommendationMeasure,
  recommendationOpinion,
  recommendationsMax,
  recommendationsReport,
  storedRecommendation,
  type FigureName,
  type FigureRows,
  type RecommendationCheck,
  type RecommendationCode,
  type RecommendationEffect,
  type RecommendationFigure,
  type RecommendationItem,
  type RecommendationMeasure,
  type RecommendationOpinion,
  type RecommendationsReport,
  type StoredRecommendation,
} from "./reports/recommendations.ts";
export { statementReport, type StatementReport } from "./reports/statements.ts";
export { ruleCondition, ruleConditions, ruleConditionsMax, ruleTextLengthMax, type RuleCondition } from "./rules/conditions.ts";
export { searchTextOf } from "./search-text.ts";
export { columnRoles } from "./tables/column-roles.ts";
export { categoryActivities, transactionKinds } from "./tables/books.ts";
export type { ColumnDeclaration, LogicalType } from "./tables/column.ts";
export { isTableName, tableNames, tables, type Row, type TableName } from "./tables/index.ts";
export { sqlName } from "./tables/sql-name.ts";
export type { DeviceTableDeclaration, RowOf, TableDeclaration, TableScope } from "./tables/table.ts";
export { fileBytesMax, fileChunkBytesMax, fileChunkBytesMin, fileUploadAnswer, type FileUploadAnswer } from "./wire/files.ts";
export { generationHeader, notifyAdvance, notifyCheck, notifyKeepAliveMs, notifySilenceMsMax, type NotifySums } from "./wire/notify.ts";
export { clientAnswer, clientRequest, schemaVersion, schemaVersionHeader, schemaVersionsServed, tokenAnswer, type TokenAnswer } from "./wire/session.ts";
export { idsOfScope, scopeOfDevice, scopeText, shapes, type DeviceScope, type ShapeDeclaration } from "./wire/shapes.ts";
export {
  decodeUpload,
  encodeUpload,
  mutationBodyBytesMax,
  mutationInflatedBytesMax,
  uploadAnswer,
  uploadBytesMax,
  uploadMutationsMax,
  type Upload,
  type UploadAnswer,
  type UploadMutation,
} from "./wire/upload.ts";
export { sumOfJoinedRows } from "./sums/joined-rows.ts";
export { hashSpace, hashText, hashWritten, type Hash64 } from "./sums/row-hash.ts";
export { emptySum, rowHasher, rowSumSql, rowTextSql, runningSum, sumOfTotal, type RowHasher, type RowsSum, type RunningSum } from "./sums/row-sum.ts";
export { rowsSum, sumsAnswer, sumShapesMax, type SumsAnswer } from "./wire/sums.ts";
