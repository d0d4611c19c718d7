import type { XmlReader } from "../xml/reader.ts";

/** Calls `visit` with the name of each element inside the one just opened; what a visit leaves unread is passed over. */
export function eachChild(xml: XmlReader, visit: (name: string) => void): void {
  const { depth } = xml;
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return;
    if (token !== "open") continue;
    const own = xml.depth;
    visit(xml.name);
    if (xml.depth >= own) xml.skip();
  }
}
