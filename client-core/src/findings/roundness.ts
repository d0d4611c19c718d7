/**
 * How round an amount is for its size, 0 to 1: 1 for 5,000.00 or 20,000.00 (one digit, then zeros), 0.5 and up for two digits or a five, 0 for one with
 * four or more significant digits.
 */
export function roundness(amountMinor: number): number {
  let digits = Math.abs(amountMinor);
  if (digits === 0) return 0;
  let zeros = 0;
  while (digits % 10 === 0) {
    digits /= 10;
    zeros++;
  }
  if (zeros < 2) return 0;
  return digits < 10 ? 1 : digits < 100 ? (digits % 5 === 0 ? 0.75 : 0.5) : digits < 1_000 ? 0.25 : 0;
}
