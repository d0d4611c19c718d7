import { useEffect, useRef, useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useImport } from "../../state/import-flow.tsx";

/** A button that asks the system for a file. */
export function ChooseFile({ primary = true }: { readonly primary?: boolean }) {
  const { t } = useText();
  const { open } = useImport();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={`btn${primary ? " primary" : ""}`} onClick={() => input.current?.click()}>
        {t("import.choose")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) open(file);
        }}
      />
    </>
  );
}

/** Takes a file dropped anywhere on the page. */
export function DropAnywhere() {
  const { t } = useText();
  const { open } = useImport();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    const enter = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (hasFile(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      open(file);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", allow);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", allow);
      window.removeEventListener("drop", drop);
    };
  }, [open]);
  if (!over) return null;
  return (
    <div className="drop-veil" aria-hidden="true">
      <p>
        <Icon name="file" /> {t("import.dropHere")}
      </p>
    </div>
  );
}
