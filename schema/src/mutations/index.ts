import { accountArchive, accountCreate, accountRename, accountSetBalance, accountSetNumber } from "./accounts.ts";
import { brandUpdate } from "./brand.ts";
import { categoryArchive, categoryCreate, categoryMove, categoryRename, categorySetActivity, categorySetColour } from "./categories.ts";
import { categoryAddChart } from "./category-chart.ts";
import { categoryMerge } from "./category-merge.ts";
import { counterpartyCreate, counterpartyUpdate } from "./counterparties.ts";
import { editRevert } from "./edit-revert.ts";
import { exchangeRateRemove, exchangeRateSet } from "./exchange-rates.ts";
import { fileRegister } from "./files.ts";
import { importMappingRemove, importMappingSave } from "./import-mappings.ts";
import { transactionKeepDistinct, transactionRemoveDoubles } from "./doubles.ts";
import { importComplete, importUndo } from "./import-close.ts";
import { importAddRows } from "./import-rows.ts";
import { importAddNames, importBegin } from "./import.ts";
import { jobCancel, jobRequest, jobRetry } from "./jobs.ts";
import { feedbackGive, feedbackWithdraw, findingJudge, findingSetStatus, recommendationDecide } from "./judgements.ts";
import { plannedItemCreate, plannedItemRemove, plannedItemUpdate } from "./planned-items.ts";
import { noteAppend, reportAddResult, reportCreate, reportEnsure, reportRemove, reportRename } from "./reports.ts";
import { ruleCreate, ruleMove, ruleRemove, ruleUpdate } from "./rules.ts";
import { scenarioCreate, scenarioRemove, scenarioUpdate } from "./scenarios.ts";
import { transactionSplit, transactionUnsplit } from "./splits.ts";
import { transactionCategorise, transactionRecategorise, transactionSetCounterparty, transactionSetNote } from "./transactions.ts";
import { transactionSetKind, transferLink } from "./transfers.ts";
import { rejectionResolve, workspaceUpdate } from "./workspace.ts";

/** Every mutation, by name. */
export const mutations = {
  [workspaceUpdate.name]: workspaceUpdate,
  [accountCreate.name]: accountCreate,
  [accountRename.name]: accountRename,
  [accountSetNumber.name]: accountSetNumber,
  [accountSetBalance.name]: accountSetBalance,
  [accountArchive.name]: accountArchive,
  [categoryCreate.name]: categoryCreate,
  [categoryRename.name]: categoryRename,
  [categoryMove.name]: categoryMove,
  [categorySetColour.name]: categorySetColour,
  [categorySetActivity.name]: categorySetActivity,
  [categoryArchive.name]: categoryArchive,
  [categoryMerge.name]: categoryMerge,
  [categoryAddChart.name]: categoryAddChart,
  [ruleCreate.name]: ruleCreate,
  [ruleUpdate.name]: ruleUpdate,
  [ruleMove.name]: ruleMove,
  [ruleRemove.name]: ruleRemove,
  [counterpartyCreate.name]: counterpartyCreate,
  [counterpartyUpdate.name]: counterpartyUpdate,
  [transactionRecategorise.name]: transactionRecategorise,
  [transactionCategorise.name]: transactionCategorise,
  [transactionSplit.name]: transactionSplit,
  [transactionUnsplit.name]: transactionUnsplit,
  [transactionSetNote.name]: transactionSetNote,
  [transactionSetCounterparty.name]: transactionSetCounterparty,
  [transactionSetKind.name]: transactionSetKind,
  [transactionRemoveDoubles.name]: transactionRemoveDoubles,
  [transactionKeepDistinct.name]: transactionKeepDistinct,
  [transferLink.name]: transferLink,
  [importBegin.name]: importBegin,
  [importAddNames.name]: importAddNames,
  [importAddRows.name]: importAddRows,
  [importComplete.name]: importComplete,
  [importUndo.name]: importUndo,
  [fileRegister.name]: fileRegister,
  [importMappingSave.name]: importMappingSave,
  [importMappingRemove.name]: importMappingRemove,
  [plannedItemCreate.name]: plannedItemCreate,
  [plannedItemUpdate.name]: plannedItemUpdate,
  [plannedItemRemove.name]: plannedItemRemove,
  [scenarioCreate.name]: scenarioCreate,
  [scenarioUpdate.name]: scenarioUpdate,
  [scenarioRemove.name]: scenarioRemove,
  [exchangeRateSet.name]: exchangeRateSet,
  [exchangeRateRemove.name]: exchangeRateRemove,
  [reportCreate.name]: reportCreate,
  [reportEnsure.name]: reportEnsure,
  [reportRename.name]: reportRename,
  [reportAddResult.name]: reportAddResult,
  [reportRemove.name]: reportRemove,
  [noteAppend.name]: noteAppend,
  [findingSetStatus.name]: findingSetStatus,
  [findingJudge.name]: findingJudge,
  [recommendationDecide.name]: recommendationDecide,
  [feedbackGive.name]: feedbackGive,
  [feedbackWithdraw.name]: feedbackWithdraw,
  [brandUpdate.name]: brandUpdate,
  [jobRequest.name]: jobRequest,
  [jobCancel.name]: jobCancel,
  [jobRetry.name]: jobRetry,
  [editRevert.name]: editRevert,
  [rejectionResolve.name]: rejectionResolve,
} as const;

/** Name of a mutation. */
export type MutationName = keyof typeof mutations;

/** Arguments of a mutation as its caller gives them. */
export type MutationArgs<Name extends MutationName> = Parameters<(typeof mutations)[Name]["run"]>[1];

/** True when a text from outside names one of our mutations. */
export function isMutationName(name: unknown): name is MutationName {
  return typeof name === "string" && Object.hasOwn(mutations, name);
}
