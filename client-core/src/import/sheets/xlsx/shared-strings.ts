import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import type { XmlReader } from "../../xml/reader.ts";

/** The texts cells share (`xl/sharedStrings.xml`). Throws `import.workbook_too_large` beyond what we hold in memory. */
export function readSharedStrings(xml: XmlReader): readonly string[] {
  const texts: string[] = [];
  let chars = 0;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open" || xml.name !== "si") continue;
    const text = richText(xml);
    chars += text.length;
    if (chars > importLimits.sharedTextCharsMax || texts.length >= importLimits.sharedTextsMax) {
      throw new SaldoError("import.workbook_too_large", { sharedTextCharsMax: importLimits.sharedTextCharsMax });
    }
    texts.push(ownCopy(text));
  }
  return texts;
}

/** The text of the element just opened, its runs joined, the phonetic reading left out. */
export function richText(xml: XmlReader): string {
  const depth = xml.depth;
  let text = "";
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return unescaped(text);
    if (token !== "open") continue;
    if (xml.name === "rPh") xml.skip();
    else if (xml.name === "t") text += xml.innerText();
  }
}

/** `_x000D_` stands for the character of that number (ECMA-376 part 1, 22.9.2.19). */
function unescaped(text: string): string {
  return text.includes("_x") ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

/** A copy that does not keep the piece of the file it was cut from. */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}
