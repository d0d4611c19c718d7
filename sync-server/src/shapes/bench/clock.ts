/** Milliseconds of the machine's monotonic clock: processes on one machine share it. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
