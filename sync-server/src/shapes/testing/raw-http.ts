import { connect, type Socket } from "node:net";

/** What came back over a socket: status, header lines in lower case, body as it was sent. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Reads one answer: to the end of the connection, which the request must ask for. */
export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const head = end === -1 ? text : text.slice(0, end);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head: head.toLowerCase(), body: end === -1 ? "" : text.slice(end + 4) };
}

/** The body of an answer sent in chunks, as far as it came. */
export function dechunk(body: string): string {
  let out = "";
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.slice(at, end), 16);
    if (end === -1 || !(length > 0)) break;
    out += body.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
  return out;
}

/** A connection to the server at `url`. */
export function openSocket(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Sends bytes as they are and collects what comes until the server closes; a client library would tidy them up. */
export async function sendRaw(url: string, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const socket = await openSocket(url);
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  // The server may refuse and close before everything is sent.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  for (const part of parts) socket.write(part);
  await closed;
  return parseAnswer(Buffer.concat(pieces).toString("latin1"));
}
