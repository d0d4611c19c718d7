import { importLimits } from "../../limits.ts";
import type { XmlReader } from "../../xml/reader.ts";
import { builtInFormat, readNumberFormat, type NumberFormat } from "../number-format.ts";

/** The number format of each cell style, by the index cells name (`xl/styles.xml`). */
export function readStyles(xml: XmlReader): readonly NumberFormat[] {
  const codes = new Map<number, NumberFormat>();
  const styles: NumberFormat[] = [];
  let inCellFormats = false;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (xml.name === "cellXfs" && token !== "text") inCellFormats = token === "open";
    if (token !== "open") continue;
    if (xml.name === "numFmt") codes.set(Number(xml.attribute("numFmtId")), readNumberFormat(xml.attribute("formatCode") ?? ""));
    if (xml.name !== "xf" || !inCellFormats || styles.length >= importLimits.cellStylesMax) continue;
    const id = Number(xml.attribute("numFmtId") ?? 0);
    styles.push(codes.get(id) ?? builtInFormat(id));
  }
  return styles;
}
