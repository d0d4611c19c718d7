import type { PGlite } from "@electric-sql/pglite";
import { quoted } from "../insert-statement.ts";
import type { MadeRows } from "../local-database.ts";

/** Below this many rows a statement with parameters is as fast. */
export const copyRowsMin = 200;

/** Where Postgres finds the rows, and the number of that device: PGlite's own is read byte by byte. */
const devicePath = "/dev/saldo-rows";
const [deviceMajor, deviceMinor] = [64, 1];

/**
 * Writes rows with `COPY` from a device that holds one statement's bytes: a fifth of what arrays of parameters cost, which PGlite builds
 * element by element and Postgres takes apart again. All of them or, when a key is there already, none: throws Postgres' unique violation, which ends the
 * transaction or the savepoint it is in.
 */
export async function copyRows(pglite: PGlite, table: string, { columns, bytes }: Pick<MadeRows, "columns" | "bytes">): Promise<void> {
  const device = devices.get(pglite) ?? makeDevice(pglite);
  device.bytes = bytes;
  try {
    await pglite.query(`copy ${quoted(table)} (${columns.map(quoted).join(", ")}) from '${devicePath}' with (format binary)`);
  } finally {
    device.bytes = nothing;
  }
}

const nothing = new Uint8Array(0);

/** What an instance's device holds; it runs one statement at a time. */
interface RowsDevice {
  bytes: Uint8Array;
}

const devices = new WeakMap<PGlite, RowsDevice>();

function makeDevice(pglite: PGlite): RowsDevice {
  const device: RowsDevice = { bytes: nothing };
  const { FS } = pglite.Module;
  const number = FS.makedev(deviceMajor, deviceMinor);
  FS.registerDevice(number, {
    open: () => undefined,
    close: () => undefined,
    read(_stream: unknown, memory: Int8Array, offset: number, length: number, position: number) {
      const piece = device.bytes.subarray(position, position + length);
      memory.set(piece, offset);
      return piece.byteLength;
    },
  });
  FS.mkdev(devicePath, number);
  devices.set(pglite, device);
  return device;
}
