import { useEffect } from "react";
import { changeText } from "../i18n/change-text.ts";
import { useText } from "../i18n/preferences.tsx";
import { useToast } from "../parts/toast.tsx";
import { saldoErrorOf, useCore } from "./bridge.tsx";

/** Ctrl or ⌘ with Z takes the last edit back, with Shift (or Ctrl+Y) makes it again; in a field the browser's own undo stays. */
export function useUndoKeys(): void {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  useEffect(() => {
    const run = async (redo: boolean): Promise<void> => {
      const done = await core.call(redo ? "edits.redo" : "edits.undo", {});
      if (done === null) return toast(t(redo ? "edit.nothingToRedo" : "edit.nothingToUndo"));
      const name = changeText(t, done.mutation);
      toast(t(done.rows === 0 ? "edit.nothingLeft" : redo ? "edit.redone" : "edit.undone", { name }));
    };
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y") || isText(event.target)) return;
      event.preventDefault();
      run(key === "y" || event.shiftKey).catch((error: unknown) => toast(saldoErrorOf(error).code));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [core, toast, t]);
}

const plainInputs: ReadonlySet<string> = new Set(["checkbox", "radio", "button", "file", "range"]);

/** True when the browser has an undo of its own there. */
function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !plainInputs.has(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || target.tagName === "TEXTAREA");
}
