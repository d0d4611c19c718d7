import { joinParts } from "../../format/locale.ts";

/** A figure whose unit, and fraction when asked, is set smaller than the digits. */
export function FigureParts({ parts, smallFraction = false }: { readonly parts: readonly Intl.NumberFormatPart[]; readonly smallFraction?: boolean }) {
  const groups: { readonly small: boolean; readonly parts: Intl.NumberFormatPart[] }[] = [];
  for (const part of parts) {
    const small =
      part.type === "currency" || part.type === "compact" || part.type === "percentSign" || (smallFraction && (part.type === "decimal" || part.type === "fraction"));
    const last = groups.at(-1);
    if (last !== undefined && (last.small === small || (part.type === "literal" && last.small))) last.parts.push(part);
    else groups.push({ small: small || part.type === "literal", parts: [part] });
  }
  return (
    <>
      {groups.map((group, index) =>
        group.small ? <small key={index}>{joinParts(group.parts)}</small> : <span key={index}>{joinParts(group.parts)}</span>,
      )}
    </>
  );
}
