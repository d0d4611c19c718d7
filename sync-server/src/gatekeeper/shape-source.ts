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
  /** Keys of the shapes it changed; "all" when that is not known, or when commits before it may have been missed. */
  readonly touched: readonly string[] | "all";
}

/** How shapes are: `waiting` for their log or its owner, `unreachable` when the service behind does not answer. */
export type ShapesHealth = "starting" | "waiting" | "active" | "unreachable";

/** Where shapes come from: the shape service in this process, or an Electric service elsewhere with the commits of its database. */
export interface ShapeSource {
  /**
   * Answers a protocol request for a shape. Of the request only the protocol's own parameters and headers count; its signal ends the work.
   * Throws `SaldoError` `relay.unavailable` when the service behind cannot answer.
   */
  handle(request: Request, shape: FixedShape): Promise<Response>;
  /** The identity of a shape, as commit events name it. */
  shapeKey(shape: FixedShape): string;
  /** Hears of every commit, in order; the returned function ends it. */
  subscribe(listener: (event: CommitEvent) => void): () => void;
  /** The last commit told; 0 until the log of the database has been reached for the first time. */
  currentLsn(): bigint;
  /**
   * An LSN that no commit seen in an answer so far lies beyond, and that every shape asked from now on is complete through.
   * Throws `SaldoError` `relay.unavailable` while there is none.
   */
  checkpointLsn(): Promise<bigint>;
  health(): Promise<ShapesHealth>;
  /** Ends live requests and lets go of the database. Idempotent. */
  close(): Promise<void>;
}
