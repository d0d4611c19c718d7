/** A record of a legacy workbook stream: its type and the bytes of its body. */
export function biff(type: number, ...body: readonly (number | readonly number[] | Uint8Array)[]): Uint8Array {
  const bytes = body.flatMap((part) => (typeof part === "number" ? [part] : [...part]));
  return Uint8Array.from([...u16(type), ...u16(bytes.length), ...bytes]);
}

/** Two bytes, the low one first. */
export function u16(value: number): number[] {
  return [value & 255, (value >> 8) & 255];
}

/** Four bytes, the low one first. */
export function u32(value: number): number[] {
  return [...u16(value), ...u16(value >>> 16)];
}

/** A double, little-endian. */
export function f64(value: number): Uint8Array {
  return new Uint8Array(new Float64Array([value]).buffer);
}

/** The characters of a BIFF8 string, two bytes each. */
export function wide(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => u16(text.charCodeAt(at))).flat();
}

const stringOf = (text: string): number[] => [...u16(text.length), 1, ...wide(text)];

/** A BIFF8 stream with one sheet for each name, its records given; formats become styles 1, 2, …. */
export function makeBiff8(sheets: Readonly<Record<string, readonly Uint8Array[]>>, globals: { readonly formats?: readonly string[]; readonly records?: readonly Uint8Array[] } = {}): Uint8Array {
  const bof = biff(0x809, u16(0x0600), u16(5), u32(0), u32(0), u32(0));
  const end = biff(0x0a);
  const formats = (globals.formats ?? []).map((code, at) => biff(0x41e, u16(200 + at), stringOf(code)));
  const styles = [0, ...formats.map((_, at) => 200 + at)].map((id) => biff(0xe0, u16(0), u16(id), new Uint8Array(16)));
  const names = Object.keys(sheets);
  const head = [bof, ...(globals.records ?? []), ...formats, ...styles];
  const boundBytes = names.reduce((sum, name) => sum + 4 + 8 + name.length * 2, 0);
  let offset = head.reduce((sum, record) => sum + record.length, 0) + boundBytes + end.length;
  const bodies = names.map((name) => joined([bof, ...(sheets[name] ?? []), end]));
  const bounds = names.map((name, at) => {
    const record = biff(0x85, u32(offset), 0, 0, name.length, 1, wide(name));
    offset += bodies[at]?.length ?? 0;
    return record;
  });
  return joined([...head, ...bounds, end, ...bodies]);
}

/** A label cell with its text inside. */
export function label(row: number, column: number, text: string): Uint8Array {
  return biff(0x204, u16(row), u16(column), u16(0), stringOf(text));
}

/** A number cell wearing a style. */
export function numberCell(row: number, column: number, value: number, style = 0): Uint8Array {
  return biff(0x203, u16(row), u16(column), u16(style), f64(value));
}

const sectorBytes = 512;

/** A compound file ([MS-CFB] version 3) with one stream, long enough to stand in sectors of its own. */
export function makeCompound(name: string, content: Uint8Array): Uint8Array {
  const sectors = Math.max(8, Math.ceil(content.length / sectorBytes));
  const fatCount = Math.ceil((sectors + 2) / 127);
  const fat = new Uint32Array(fatCount * 128).fill(0xffffffff);
  for (let at = 0; at < sectors; at += 1) fat[at] = at + 1 === sectors ? 0xfffffffe : at + 1;
  fat[sectors] = 0xfffffffe;
  for (let at = 0; at < fatCount; at += 1) fat[sectors + 1 + at] = 0xfffffffd;
  const header = new Uint8Array(sectorBytes);
  header.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  const view = new DataView(header.buffer);
  const fields: readonly (readonly [number, number])[] = [[44, fatCount], [48, sectors], [56, 4096], [60, 0xfffffffe], [68, 0xfffffffe]];
  view.setUint16(26, 3, true);
  view.setUint16(30, 9, true);
  view.setUint16(32, 6, true);
  for (const [at, value] of fields) view.setUint32(at, value, true);
  for (let at = 0; at < 109; at += 1) view.setUint32(76 + at * 4, at < fatCount ? sectors + 1 + at : 0xffffffff, true);
  const body = new Uint8Array(sectors * sectorBytes);
  body.set(content);
  return joined([header, body, directory(name, Math.max(4096, content.length)), new Uint8Array(fat.buffer)]);
}

function directory(name: string, byteCount: number): Uint8Array {
  const bytes = new Uint8Array(sectorBytes);
  const view = new DataView(bytes.buffer);
  const entry = (at: number, entryName: string, type: number, start: number, entryBytes: number): void => {
    bytes.set(wide(entryName), at);
    view.setUint16(at + 64, entryName.length * 2 + 2, true);
    view.setUint8(at + 66, type);
    view.setUint32(at + 116, start, true);
    view.setUint32(at + 120, entryBytes, true);
  };
  entry(0, "Root Entry", 5, 0xfffffffe, 0);
  entry(128, name, 2, 0, byteCount);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
