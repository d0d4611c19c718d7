import { searchTextOf } from "@saldo/schema";
import type { OwnAccounts } from "./own-accounts.ts";
import { hintsAtTransfer } from "./row-kind.ts";

/** What a row says of the other side of a transfer it may be. */
export interface SideEvidence {
  readonly accountId: string;
  /** Own accounts it names, but for its own. */
  readonly named: readonly string[];
  /** True when it says that it is a transfer between own accounts. */
  readonly isOwn: boolean;
  /** True when its words may mean a transfer. */
  readonly isHint: boolean;
  /** Who the other party is, as search compares texts; empty where none is named. */
  readonly party: string;
}

/** What of a row is judged. */
export interface SideWords {
  readonly accountId: string;
  readonly kind: string;
  readonly searchText: string;
  readonly counterpartyName: string | null;
  readonly counterpartyAccount: string | null;
}

/** Judges the words of a row. */
export function evidenceOf(row: SideWords, own: OwnAccounts): SideEvidence {
  const { accountId, kind, searchText, counterpartyName, counterpartyAccount } = row;
  const text = counterpartyAccount === null ? searchText : `${searchText} ${counterpartyAccount.toLowerCase()}`;
  const named = own.namedIn(text, accountId);
  const party = counterpartyName === null ? "" : searchTextOf("", counterpartyName).trim();
  return { accountId, named, isOwn: kind === "transfer", isHint: hintsAtTransfer(searchText), party: own.namedIn(party, "").length > 0 ? "" : party };
}

/**
 * How well two rows of opposite amounts speak for one transfer: 3 when each names the other's account, 2 when one does or says that it is between own
 * accounts, 1 when words alone may mean it, 0 when they do not belong together. Who names an account means that one, so a row of another is no side of
 * it. A name alone is not enough, as a supplier may be called like an account; nor is a word where two different parties are named.
 */
export function transferStrength(one: SideEvidence, other: SideEvidence): 0 | 1 | 2 | 3 {
  const [there, back] = [one.named.includes(other.accountId), other.named.includes(one.accountId)];
  if ((one.named.length > 0 && !there) || (other.named.length > 0 && !back)) return 0;
  if (one.isOwn && other.isOwn) return there && back ? 3 : 2;
  const isSaid = one.isOwn || other.isOwn;
  const isHinted = isSaid || one.isHint || other.isHint;
  if (there && back) return isHinted || !areStrangers(one, other) ? 3 : 0;
  if (!isHinted || areStrangers(one, other)) return 0;
  return there || back || isSaid ? 2 : 1;
}

function areStrangers({ party: one }: SideEvidence, { party: other }: SideEvidence): boolean {
  return one !== "" && other !== "" && !one.includes(other) && !other.includes(one);
}
