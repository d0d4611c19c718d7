import { joinParts } from "../../format/locale.ts";

type Part = Intl.NumberFormatPart;

/** A figure whose unit after it, and fraction when asked, is set smaller than the digits: `5,14 млн ₽`. A sign before it stays as large: `₽5.14M`. */
export function FigureParts({ parts, smallFraction = false }: { readonly parts: readonly Part[]; readonly smallFraction?: boolean }) {
  const space = parts.findIndex(({ type }) => type === "literal");
  const decimal = smallFraction ? parts.findIndex(({ type }) => type === "decimal") : -1;
  const starts = [space, decimal].filter((index) => index >= 0);
  const end = starts.length === 0 ? parts.length : Math.min(...starts);
  return (
    <>
      {joinParts(parts.slice(0, end))}
      {end < parts.length && <small>{joinParts(parts.slice(end))}</small>}
    </>
  );
}
