import {
  accountRename,
  accountSetBalance,
  categoryCreate,
  categoryRename,
  rejectionResolve,
  transactionRecategorise,
  transactionSetNote,
  workspaceUpdate,
} from "./books.ts";
import { importAddNames, importAddRows, importBegin, importComplete, importUndo } from "./import.ts";
import { jobCancel, jobRequest } from "./jobs.ts";

/** Every mutation, by name. */
export const mutations = {
  [workspaceUpdate.name]: workspaceUpdate,
  [accountSetBalance.name]: accountSetBalance,
  [accountRename.name]: accountRename,
  [categoryCreate.name]: categoryCreate,
  [categoryRename.name]: categoryRename,
  [transactionRecategorise.name]: transactionRecategorise,
  [transactionSetNote.name]: transactionSetNote,
  [rejectionResolve.name]: rejectionResolve,
  [importBegin.name]: importBegin,
  [importAddNames.name]: importAddNames,
  [importAddRows.name]: importAddRows,
  [importComplete.name]: importComplete,
  [importUndo.name]: importUndo,
  [jobRequest.name]: jobRequest,
  [jobCancel.name]: jobCancel,
} as const;

/** Name of a mutation. */
export type MutationName = keyof typeof mutations;

/** Arguments of a mutation as its caller gives them. */
export type MutationArgs<Name extends MutationName> = Parameters<(typeof mutations)[Name]["run"]>[1];

/** True when a text from outside names one of our mutations. */
export function isMutationName(name: unknown): name is MutationName {
  return typeof name === "string" && Object.hasOwn(mutations, name);
}
