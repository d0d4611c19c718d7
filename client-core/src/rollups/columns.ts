/** One column of numbers: how wide. Wider ones come first, so that each begins where its width divides the place. */
type Width = "f64" | "u32" | "u16" | "u8";

const arrays = { f64: Float64Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;
type ArrayOf = { readonly [Key in Width]: InstanceType<(typeof arrays)[Key]> };
const largest: Readonly<Record<Width, number>> = { f64: Number.MAX_SAFE_INTEGER, u32: 0xffff_ffff, u16: 0xffff, u8: 0xff };

/** Columns by name with their widths, widest first. */
export type Layout = Readonly<Record<string, Width>>;

/** Equally long columns of numbers. */
export type Columns<Of extends Layout> = { readonly length: number; readonly column: { readonly [Name in keyof Of]: ArrayOf[Of[Name]] } };

/** Bytes before the first column: how many numbers each has, as a float of 64 bits. */
const headBytes = 8;

/** Writes rows of numbers as columns. Throws `RangeError` when a number does not fit. */
export function packColumns<Of extends Layout>(layout: Of, length: number, numberAt: (name: keyof Of & string, index: number) => number): Uint8Array {
  const names = namesOf(layout);
  const bytes = new Uint8Array(headBytes + length * names.reduce((sum, name) => sum + arrays[widthOf(layout, name)].BYTES_PER_ELEMENT, 0));
  new Float64Array(bytes.buffer, 0, 1)[0] = length;
  let place = headBytes;
  for (const name of names) {
    const width = widthOf(layout, name);
    const column = new arrays[width](bytes.buffer, place, length);
    for (let index = 0; index < length; index++) {
      const number = numberAt(name, index);
      if (!Number.isSafeInteger(number) || Math.abs(number) > largest[width]) throw new RangeError("a number of a rollup does not fit its column");
      column[index] = number;
    }
    place += column.byteLength;
  }
  return bytes;
}

/** Reads what {@link packColumns} wrote, without a copy where the bytes lie well. Throws `RangeError` when they are not of this layout. */
export function unpackColumns<Of extends Layout>(layout: Of, stored: Uint8Array): Columns<Of> {
  const { buffer, byteOffset } = stored.byteOffset % 8 === 0 && stored.buffer instanceof ArrayBuffer ? { buffer: stored.buffer, byteOffset: stored.byteOffset } : stored.slice();
  const length = new Float64Array(buffer, byteOffset, 1)[0] ?? 0;
  let place = headBytes;
  const column: Partial<Record<keyof Of, ArrayOf[Width]>> = {};
  for (const name of namesOf(layout)) {
    const made = new arrays[widthOf(layout, name)](buffer, byteOffset + place, length);
    column[name] = made;
    place += made.byteLength;
  }
  if (place !== stored.byteLength || !isWhole(layout, column)) throw new RangeError("a rollup is not of its layout");
  return { length, column };
}

function isWhole<Of extends Layout>(layout: Of, column: Partial<Record<keyof Of, ArrayOf[Width]>>): column is Columns<Of>["column"] {
  return namesOf(layout).every((name) => column[name] instanceof arrays[widthOf(layout, name)]);
}

function namesOf<Of extends Layout>(layout: Of): (keyof Of & string)[] {
  return Object.keys(layout);
}

function widthOf<Of extends Layout>(layout: Of, name: keyof Of & string): Width {
  const width = layout[name];
  if (width === undefined) throw new RangeError("no such column");
  return width;
}
