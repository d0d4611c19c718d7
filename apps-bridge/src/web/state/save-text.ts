import type { ParamsIn } from "../../bridge/methods.ts";
import type { SaldoMethods } from "../../bridge/contract/index.ts";
import type { Core } from "./bridge.tsx";
import { saveBlob } from "./save-file.ts";

/** Asks the core for a file that comes in pieces and hands it to the browser to save. Returns how many changes it holds. */
export async function saveUnsent<K extends "unsent.export" | "unsent.exportSetAside">(core: Core, name: K, params: ParamsIn<SaldoMethods[K]>): Promise<number> {
  const pieces: string[] = [];
  const { fileName, changes } = await core.call(name, params, { onProgress: ({ text }) => void pieces.push(text) });
  saveBlob(fileName, new Blob(pieces, { type: "application/json" }));
  return changes;
}
