const millisecondsPerUnit: ReadonlyMap<string, number> = new Map([["", 1], ["ms", 1], ["msec", 1], ["s", 1_000], ["sec", 1_000], ["m", 60_000], ["min", 60_000], ["h", 3_600_000], ["d", 86_400_000]]);

const bytesPerUnit: ReadonlyMap<string, number> = new Map([["", 1], ["KB", 1e3], ["KiB", 2 ** 10], ["MB", 1e6], ["MiB", 2 ** 20], ["GB", 1e9], ["GiB", 2 ** 30], ["TB", 1e12], ["TiB", 2 ** 40]]);

function inUnits(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const [, number, unit] = /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const factor = units.get(unit ?? "-");
  return number === undefined || factor === undefined ? undefined : Math.trunc(Number(number) * factor);
}

/** Milliseconds of a duration such as `20s`, `1m`, `1.5h` or `20000` (milliseconds); `undefined` for another form. */
export function parseDurationMs(text: string): number | undefined {
  return inUnits(text, millisecondsPerUnit);
}

/** Bytes of a size such as `10MB`, `8MiB` or `4096`; `undefined` for another form. */
export function parseBytes(text: string): number | undefined {
  return inUnits(text, bytesPerUnit);
}
