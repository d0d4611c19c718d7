export { examineWorkspace, reportedFinding, withVerdicts, type WorkspaceFindings } from "./workspace-findings.ts";
export { findFindings, type Examined, type FoundInLedger } from "./find-findings.ts";
export { readFileLedger, type FileLedger } from "./file-ledger.ts";
export { sayFinding, type FindingFormats, type FindingText } from "./words.ts";
