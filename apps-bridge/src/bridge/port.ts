/** What a bridge needs of a transport: messages in order, each at most once. */
export interface BridgePort {
  /** Sends a structured-cloneable message. After {@link close} it does nothing. */
  post(message: unknown): void;
  /** Starts hearing; one listener a port. */
  listen(listener: PortListener): void;
  /** Ends the port on this side. Idempotent. */
  close(): void;
}

/** What a port tells. */
export interface PortListener {
  message(message: unknown): void;
  /** Another core now answers at the far end and knows nothing of what was asked before. Only ports to a core that can move tell this. */
  reset?(): void;
}
