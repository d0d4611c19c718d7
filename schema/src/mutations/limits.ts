/** Most rows one `import.addRows` carries. */
export const importBatchRowsMax = 5_000;
/** Most rows one import holds. */
export const importRowsMax = 2_000_000;
/** Most imports one import says it was compared with. */
export const comparedImportsMax = 5_000;
/** Most statements one import tells of. */
export const statementsMax = 1_000;
/** Most accounts, and most categories, one import may bring. */
export const importNamesMax = 5_000;
/** Most transactions one mutation names by id. */
export const selectionMax = 1_000;
/** Longest name of an account, category, company or file, in UTF-16 units. */
export const nameLengthMax = 300;
/** Longest description, counterparty or note, in UTF-16 units. */
export const textLengthMax = 4_000;
/** Most parts of one split transaction. */
export const splitPartsMax = 100;
/** Most rules of one workspace. */
export const rulesMax = 2_000;
/** Most scenarios of one workspace. */
export const scenariosMax = 100;
/** Most results kept for one report. */
export const reportResultsMax = 1_000;
/** Largest Yjs update of a note, in bytes. */
export const noteUpdateBytesMax = 256 * 1024;
/** Largest logo, in bytes. */
export const logoBytesMax = 512 * 1024;
/** Most row changes one undo puts back. */
export const revertChangesMax = 5_000;
