import { isMutationName } from "@saldo/schema";
import type { TextKey } from "./text.ts";

/** A kind of change in words; one this version does not know keeps its name. */
export function changeText(t: (key: TextKey) => string, mutation: string): string {
  return isMutationName(mutation) ? t(`change.${mutation}`) : mutation;
}
