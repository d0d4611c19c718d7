import type { ComponentProps } from "react";
import { useText } from "../i18n/preferences.tsx";

/** A day. The browser's own field writes it in the browser's language; until it is being edited the page's language lies over it. */
export function DateInput({ value, empty = "", className = "", ...input }: Omit<ComponentProps<"input">, "type" | "value"> & { readonly value: string; readonly empty?: string }) {
  const { f } = useText();
  return (
    <span className="date-input">
      <input type="date" className={className} value={value} {...input} />
      <span className={value === "" ? "over quiet" : "over"} aria-hidden="true">
        {value === "" ? empty : f.dateShort(value, true)}
      </span>
    </span>
  );
}
