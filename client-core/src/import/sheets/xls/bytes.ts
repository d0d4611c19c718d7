import { SaldoError } from "@saldo/schema";

/** Little-endian numbers of some bytes; reading past the end throws `import.archive_damaged`. */
export class ByteReader {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes there are. */
  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.need(at, 1);
    return this.view.getUint8(at);
  }

  u16(at: number): number {
    this.need(at, 2);
    return this.view.getUint16(at, true);
  }

  u32(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at, true);
  }

  u32be(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at, false);
  }

  f64(at: number): number {
    this.need(at, 8);
    return this.view.getFloat64(at, true);
  }

  /** Bytes from a place on. */
  slice(at: number, byteCount: number): Uint8Array {
    this.need(at, byteCount);
    return this.bytes.subarray(at, at + byteCount);
  }

  private need(at: number, byteCount: number): void {
    if (at < 0 || at + byteCount > this.bytes.length) throw new SaldoError("import.archive_damaged");
  }
}
