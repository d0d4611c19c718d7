import type { OneCUnderstanding } from "../model.ts";
import type { RecordSource, RowSink } from "../sink.ts";
import { LineReader } from "../text/lines.ts";
import { TextPieces } from "../text/pieces.ts";
import { createDocumentReader } from "./documents.ts";
import { slot } from "./fields.ts";
import { SectionReader, type DocumentSection } from "./sections.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** Opens a 1CClientBankExchange file for reading its documents. */
export function openOneC(bytes: FileBytes, understanding: OneCUnderstanding): RecordSource {
  return new OneCSource(bytes, understanding);
}

class OneCSource implements RecordSource {
  line = 0;
  private readonly pieces: TextPieces;
  private readonly sections: SectionReader;
  private readonly readDocument: (document: DocumentSection, sink: RowSink) => void;
  private slots: readonly string[] = [];

  constructor(bytes: FileBytes, understanding: OneCUnderstanding) {
    this.pieces = new TextPieces(bytes, understanding.encoding.value, understanding.bomBytes);
    this.sections = new SectionReader(new LineReader(this.pieces), true);
    this.readDocument = createDocumentReader(understanding);
  }

  get bytesRead(): number {
    return this.pieces.bytesRead;
  }

  get cells(): readonly string[] {
    const at = (index: number): string => this.slots[index] ?? "";
    return [at(slot.paidOn) || at(slot.receivedOn) || at(slot.date), at(slot.number), at(slot.amount), at(slot.payerName) || at(slot.payer), at(slot.payeeName) || at(slot.payee), at(slot.purpose)];
  }

  next(sink: RowSink): boolean {
    for (let section = this.sections.next(); section !== undefined; section = this.sections.next()) {
      if (section.kind !== "document") continue;
      this.slots = section.slots;
      this.line = section.line;
      this.readDocument(section, sink);
      return true;
    }
    return false;
  }
}
