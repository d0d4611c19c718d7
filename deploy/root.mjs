import path from "node:path";
import { fileURLToPath } from "node:url";

/** The top folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The rooms and the house beside them: every folder that holds source code. */
export const sourceFolders = ["schema", "client-core", "sync-server", "compute", "apps-bridge", "deploy"];
