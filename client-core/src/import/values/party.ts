/** Who stands on the other side of a row, as one cell tells it. */
export interface Party {
  readonly name: string | null;
  readonly account: string | null;
  readonly taxId: string | null;
}

/** An account, then what may follow it: a tax id of ten or twelve digits, a registration code of nine, the name. */
const withAccount = /^(\d{20}|[A-Z]{2}\d{2}[A-Z0-9]{11,30})(?=\s|$)(?:\s+(?:ИНН:?\s*)?(\d{10}|\d{12}))?(?:\s+(?:КПП:?\s*)?\d{9})?(?:\s+(.*))?$/su;

/**
 * Takes a cell that names a party apart. Russian banks print account, tax id and name in one cell; accounting programs write the contract
 * on the lines below the name.
 */
export function partyOf(cell: string): Party {
  const match = withAccount.exec(cell);
  if (match === null) return { name: cell.split(/[\r\n]/, 1)[0]?.trimEnd() ?? cell, account: null, taxId: null };
  const name = (match[3] ?? "").replace(/\s+/g, " ").trim();
  return { name: name === "" ? null : name, account: match[1] ?? null, taxId: match[2] ?? null };
}
