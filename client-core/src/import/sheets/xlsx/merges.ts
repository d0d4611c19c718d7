import { importLimits } from "../../limits.ts";
import { XmlReader } from "../../xml/reader.ts";
import type { MergedCells } from "../merged.ts";
import { columnOf } from "./rows.ts";

/** Bytes of a sheet's end looked at: merged cells are listed after the rows. */
const tailBytes = 4 * 1024 * 1024;

/** The cells merged over several rows, from the end of a worksheet part; only inflating is done for the rest. */
export function readMerges(pieces: Iterable<Uint8Array>, part: string): readonly MergedCells[] {
  const tail = textOfTail(pieces);
  const at = tail.lastIndexOf("sheetData");
  if (at < 0 || !tail.includes("mergeCell", at)) return [];
  const prefix = /<\/?(\w+:)?$/.exec(tail.slice(Math.max(0, at - 40), at))?.[1] ?? "";
  const xml = new XmlReader([`<${prefix}worksheet>${tail.slice(tail.indexOf(">", at) + 1)}`].values(), part);
  const merged: MergedCells[] = [];
  for (let token = xml.next(); token !== "end" && merged.length < importLimits.mergedCellsMax; token = xml.next()) {
    if (token !== "open" || xml.name !== "mergeCell") continue;
    const cell = ofReference(xml.attribute("ref") ?? "");
    if (cell !== undefined && cell.bottom > cell.top) merged.push(cell);
  }
  return merged;
}

function textOfTail(pieces: Iterable<Uint8Array>): string {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  for (const piece of pieces) {
    kept.push(piece);
    keptBytes += piece.length;
    while (kept.length > 1 && keptBytes - (kept[0]?.length ?? 0) >= tailBytes) keptBytes -= kept.shift()?.length ?? 0;
  }
  const decoder = new TextDecoder();
  const text = kept.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  kept = [];
  return text;
}

function ofReference(reference: string): MergedCells | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d+):\$?[A-Z]{1,3}\$?(\d+)$/.exec(reference);
  if (!match) return undefined;
  const [, letters = "", top, bottom] = match;
  return { column: columnOf(letters), top: Number(top), bottom: Number(bottom) };
}
