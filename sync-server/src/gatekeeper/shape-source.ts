/** A shape as the gatekeeper fixes it; nothing of it comes from the wire. */
export interface FixedShape {
  /** Quoted SQL name. */
  readonly table: string;
  readonly where: string;
  /** Values of `$1`, `$2` …. */
  readonly params: readonly string[];
  readonly columns: readonly string[];
}

/** One step of the shape logs: a committed transaction, or (with `lsn` equal to `prevLsn`) shapes that have to be fetched anew. */
export interface CommitEvent {
  /** The commit before it; events form a chain. */
  readonly prevLsn: bigint;
  readonly lsn: bigint;
  /** Keys of the shapes it changed; they can be read when the event is told. */
  readonly touched: readonly string[];
}

/** Where shapes come from: the shape service in this process, or whatever else speaks the Electric HTTP protocol and tells of commits. */
export interface ShapeSource {
  /** Answers a protocol request for a shape. Of the request only the protocol's own parameters and headers count. */
  handle(request: Request, shape: FixedShape): Promise<Response>;
  /** The identity of a shape, as commit events name it. */
  shapeKey(shape: FixedShape): string;
  /** Hears of every commit, in order; the returned function ends it. */
  subscribe(listener: (event: CommitEvent) => void): () => void;
  /** Every commit up to here is in the shape logs; 0 until the log of the database has been reached for the first time. */
  currentLsn(): bigint;
  /** Ends live requests and lets go of the database. Idempotent. */
  close(): Promise<void>;
}
