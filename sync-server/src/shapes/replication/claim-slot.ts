import { escapeLiteral } from "pg";
import { z } from "zod";
import type { Link } from "./link.ts";
import { pauseFor } from "./pause.ts";
import type { Position } from "./position-file.ts";
import { ensureSlot, type SlotState } from "./slot.ts";
import { makeTemporarySlot } from "./temporary-slot.ts";

/** Making a slot waits for running transactions, so that it may take any time. */
const slotWaitMsMax = 600_000;
const lockRetryMs = 500;
const lockedRow = z.tuple([z.object({ locked: z.boolean() })]);

/** A slot that is ours to stream from. */
export interface ClaimedSlot {
  readonly name: string;
  readonly slot: SlotState;
}

/** What claiming a slot by its name needs. */
export interface NamedClaim {
  readonly slotName: string;
  readonly publicationName: string;
  readonly temporarySlot: boolean;
  /** The position of the storage directory; asked once the lock is held. */
  readonly position: () => Promise<Position | undefined>;
  readonly random: () => number;
  readonly stopped: AbortSignal;
}

/**
 * Waits to be the one owner of the slot (an advisory lock that lives as long as the connection), then makes sure that the slot is there.
 * Undefined when stopped meanwhile.
 */
export async function claimNamedSlot(link: Link, claim: NamedClaim): Promise<ClaimedSlot | undefined> {
  const { slotName: name, publicationName, temporarySlot } = claim;
  if (!(await locked(link, claim))) return undefined;
  return { name, slot: await link.answered(ensureSlot(link.client, name, publicationName, await claim.position(), temporarySlot), slotWaitMsMax) };
}

/** Makes a slot of the connection's own, gone with it, that begins with what commits from now on. */
export async function claimTemporarySlot(link: Link, prefix: string): Promise<ClaimedSlot> {
  const { name, startLsn } = await link.answered(makeTemporarySlot(link.client, prefix), slotWaitMsMax);
  return { name, slot: { cluster: "", confirmedLsn: startLsn, gap: "new slot" } };
}

async function locked(link: Link, { slotName, random, stopped }: NamedClaim): Promise<boolean> {
  const sql = `SELECT pg_try_advisory_lock(hashtext('shape service'), hashtext(${escapeLiteral(slotName)})) AS locked`;
  for (;;) {
    const { rows } = await link.answered(link.client.query(sql));
    if (lockedRow.parse(rows)[0].locked) return true;
    await pauseFor(lockRetryMs * (0.5 + random() / 2), stopped);
    if (stopped.aborted) return false;
  }
}
