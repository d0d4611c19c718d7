import type { PgOutputMessage, RelationColumn } from "./messages.ts";
import { nullLength, type Tuple, unchangedLength } from "./tuple.ts";

const codeOf = (letter: string): number => letter.charCodeAt(0);
const BEGIN = codeOf("B");
const COMMIT = codeOf("C");
const RELATION = codeOf("R");
const INSERT = codeOf("I");
const UPDATE = codeOf("U");
const DELETE = codeOf("D");
const TRUNCATE = codeOf("T");
const NEW_TUPLE = codeOf("N");
const OLD_TUPLE = codeOf("O");
const KEY_TUPLE = codeOf("K");
const NULL_VALUE = codeOf("n");
const UNCHANGED_VALUE = codeOf("u");
const TEXT_VALUE = codeOf("t");

/** Reads the fields of one message in order; throws `RangeError` when the message is cut. */
class FieldReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  uint8(): number {
    const value = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    return value;
  }

  uint16(): number {
    const value = this.#bytes.readUInt16BE(this.#at);
    this.#at += 2;
    return value;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  int32(): number {
    const value = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  uint64(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new RangeError("message is cut");
    const value = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return value;
  }

  tuple(): Tuple {
    const bytes = this.#bytes;
    const count = this.uint16();
    const places = new Array<number>(2 * count); // sized at once: one that grows leaves twice as much behind
    let at = this.#at;
    for (let index = 0; index < count; index++) {
      const kind = bytes[at];
      at += 1;
      if (kind === TEXT_VALUE) {
        const length = bytes.readUInt32BE(at);
        at += 4;
        places[2 * index] = at;
        places[2 * index + 1] = length;
        at += length;
        if (at > bytes.length) throw new RangeError("message is cut");
        continue;
      }
      places[2 * index] = at;
      if (kind === NULL_VALUE) places[2 * index + 1] = nullLength;
      else if (kind === UNCHANGED_VALUE) places[2 * index + 1] = unchangedLength;
      else throw new RangeError(kind === undefined ? "message is cut" : `unknown value kind ${kind}`);
    }
    this.#at = at;
    return { bytes, places };
  }
}

function relation(reader: FieldReader): PgOutputMessage {
  const oid = reader.uint32();
  const schema = reader.text();
  const name = reader.text();
  const replicaIdentity = String.fromCharCode(reader.uint8());
  const count = reader.uint16();
  const columns: RelationColumn[] = [];
  for (let index = 0; index < count; index++) {
    reader.uint8();
    columns.push({ name: reader.text(), typeOid: reader.uint32(), typeMod: reader.int32() });
  }
  return { kind: "relation", oid, schema: schema === "" ? "pg_catalog" : schema, name, replicaIdentity, columns };
}

function update(reader: FieldReader): PgOutputMessage {
  const oid = reader.uint32();
  let old: Tuple | undefined;
  let marker = reader.uint8();
  if (marker === OLD_TUPLE || marker === KEY_TUPLE) {
    const tuple = reader.tuple();
    if (marker === OLD_TUPLE) old = tuple;
    marker = reader.uint8();
  }
  if (marker !== NEW_TUPLE) throw new RangeError("update without a new row");
  return { kind: "update", oid, old, row: reader.tuple() };
}

function truncate(reader: FieldReader): PgOutputMessage {
  const count = reader.uint32();
  reader.uint8();
  return { kind: "truncate", oids: Array.from({ length: count }, () => reader.uint32()) };
}

/**
 * Decodes one pgoutput message (protocol version 1) starting at byte `at`.
 * A delete carries the whole old row only under REPLICA IDENTITY FULL; otherwise its `old` has nulls outside the key.
 * Rows point into `bytes`.
 * Throws `RangeError` on a malformed message.
 */
export function decodePgOutput(bytes: Buffer, at = 0): PgOutputMessage {
  const reader = new FieldReader(bytes, at + 1);
  switch (bytes.readUInt8(at)) {
    case INSERT: {
      const oid = reader.uint32();
      reader.uint8();
      return { kind: "insert", oid, row: reader.tuple() };
    }
    case UPDATE:
      return update(reader);
    case DELETE: {
      const oid = reader.uint32();
      reader.uint8();
      return { kind: "delete", oid, old: reader.tuple() };
    }
    case BEGIN: {
      const commitLsn = reader.uint64();
      reader.uint64();
      return { kind: "begin", commitLsn, xid: reader.uint32() };
    }
    case COMMIT: {
      reader.uint8();
      return { kind: "commit", commitLsn: reader.uint64(), endLsn: reader.uint64() };
    }
    case RELATION:
      return relation(reader);
    case TRUNCATE:
      return truncate(reader);
    default:
      return { kind: "other" };
  }
}
