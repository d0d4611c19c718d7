import { cutScenario, lostScenario, oracleScenario, powerScenario, raceScenario, type Scenario } from "./scenarios.ts";
import type { Mutation } from "./powered-process.ts";

/** A planted bug, and the run that must find it. */
export interface Mutant extends Mutation {
  readonly name: string;
  readonly foundBy: Scenario;
}

/** Bugs a shape service could have, each in one line of its source. A line that is gone fails the build: move the bug to where its work is done now. */
export const mutants: readonly Mutant[] = [
  {
    name: "one change is skipped",
    file: "replication/transaction-reader.ts",
    line: "if (effect === undefined || !this.#accepts(open, shape)) return;",
    becomes: "if (effect === undefined || !this.#accepts(open, shape) || open.nextOp === 6) return;",
    foundBy: oracleScenario,
  },
  {
    name: "the position is saved and acknowledged before the logs are synced",
    file: "replication/pipeline.ts",
    line: "const shapes = [...this.#dirty];",
    becomes: "const shapes = [...this.#dirty]; await this.#ports.savePosition(lsn); this.#ports.acknowledge(lsn);",
    foundBy: powerScenario,
  },
  {
    name: "logs are acknowledged before the position is saved",
    file: "replication/pipeline.ts",
    line: "const shapes = [...this.#dirty];",
    becomes: "const shapes = [...this.#dirty]; this.#ports.acknowledge(lsn);",
    foundBy: powerScenario,
  },
  { name: "logs are not synced", file: "log/shape-log.ts", line: "await handle.datasync();", becomes: "", foundBy: powerScenario },
  { name: "snapshots are not synced", file: "snapshot/snapshot-file.ts", line: "await dataSync(descriptor);", becomes: "", foundBy: powerScenario },
  { name: "a torn end of a log is taken", file: "log/recover.ts", line: "return bytesRead === bytes.length && crc32(bytes) === entry.checksum;", becomes: "return bytesRead <= bytes.length;", foundBy: powerScenario },
  { name: "what is sent again is logged again", file: "log/shape-log.ts", line: "this.#committed.last.tx >= tx;", becomes: "this.#committed.last.tx > tx;", foundBy: powerScenario },
  { name: "a transaction cut off stays in the log", file: "replication/transaction-reader.ts", line: "if (!shape.gone) shape.log.discard();", becomes: "if (!shape.gone) shape.log.close();", foundBy: cutScenario },
  {
    name: "readers see a transaction before its end",
    file: "log/shape-log.ts",
    line: "if (this.#segments.full) this.write();",
    becomes: "if (this.#segments.full) { this.write(); this.#visible = this.#segments.end; }",
    foundBy: cutScenario,
  },
  { name: "the snapshot counts the first transaction it does not know", file: "snapshot/visibility.ts", line: "return full < snapshot.xmax &&", becomes: "return full <= snapshot.xmax &&", foundBy: raceScenario },
  { name: "the snapshot counts transactions in progress", file: "snapshot/visibility.ts", line: " && !snapshot.xip.includes(full)", becomes: "", foundBy: raceScenario },
  { name: "a snapshot may lack what has passed by", file: "shape-maker.ts", line: "if (recent.missedBy(seen, mark)) {", becomes: "if (recent.missedBy(seen, -1)) {", foundBy: raceScenario },
  { name: "what the snapshot has is logged again", file: "shape.ts", line: 'return "snapshot";', becomes: "return undefined;", foundBy: oracleScenario },
  { name: "values kept out of line are dropped", file: "replication/tuple.ts", line: "places[at] = old.places[at] ?? unchangedLength;", becomes: "places[at] = nullLength;", foundBy: oracleScenario },
  { name: "a row that leaves a shape is not deleted", file: "routing/change-router.ts", line: 'if (!is) return "delete";', becomes: "if (!is) return undefined;", foundBy: oracleScenario },
  { name: "a changed key is an update", file: "routing/change-router.ts", line: 'return "move";', becomes: 'return "update";', foundBy: oracleScenario },
  { name: "a shape by equality is not found by the old row", file: "routing/change-router.ts", line: "for (const row of [change.old, change.row]) {", becomes: "for (const row of [change.row ?? change.old]) {", foundBy: oracleScenario },
  { name: "NOT of unknown is true", file: "where/operations/logic.ts", line: "return value === null ? null : !value;", becomes: "return !value;", foundBy: oracleScenario },
  { name: "an update leaves a changed column out", file: "routing/row-encoder.ts", line: "this.#keySelected.includes(index) || !sameValue(old, row, index)", becomes: "this.#keySelected.includes(index) || (!sameValue(old, row, index) && lengthAt(old, index) >= 0)", foundBy: oracleScenario },
  { name: "a chunk of the log ends at the wrong message", file: "log/segments.ts", line: "this.#chunkEnds.push({ last, endByte, segments });", becomes: "this.#chunkEnds.push({ last: { ...last, op: this.#firstOp }, endByte, segments });", foundBy: oracleScenario },
  { name: "TRUNCATE is passed over", file: "replication/transaction-reader.ts", line: "return this.#truncate(message.oids);", becomes: "return undefined;", foundBy: lostScenario },
  { name: "a new slot is gone on from", file: "service.ts", line: "if (slot.gap !== undefined) this.#store.rotateAll(slot.gap);", becomes: "", foundBy: lostScenario },
  { name: "a table that was taken from the publication is gone on with", file: "service.ts", line: "await this.#reconciledInTime();", becomes: "", foundBy: lostScenario },
  { name: "a slot that is further than the directory is gone on from", file: "replication/slot.ts", line: "confirmedLsn > position.ackedLsn", becomes: "false", foundBy: lostScenario },
];
