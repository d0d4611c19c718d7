export { examineWorkspace, reportedFinding, withVerdicts, type WorkspaceFindings } from "./workspace-findings.ts";
export type { FoundInLedger } from "./find-findings.ts";
export { sayFinding, type FindingFormats, type FindingText } from "./words.ts";
