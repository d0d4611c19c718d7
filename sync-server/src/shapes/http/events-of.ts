const newline = 0x0a;
const comma = 0x2c;
const eventStart = Buffer.from("data: ");
const eventEnd = Buffer.from("\n\n");

/**
 * Turns log bytes (messages, each followed by `,` and a newline, which JSON never has inside) into server-sent events, whatever the
 * bytes are cut into.
 */
export async function* eventsOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let inside = false;
  let heldComma = false;
  for await (const piece of pieces) {
    const out: Buffer[] = [];
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf(newline, at);
      const stop = end === -1 ? piece.length : end;
      if (stop > at) {
        if (!inside) out.push(eventStart);
        if (heldComma) out.push(Buffer.from(","));
        inside = true;
        heldComma = piece[stop - 1] === comma;
        out.push(piece.subarray(at, heldComma ? stop - 1 : stop));
      }
      at = stop + 1;
      if (end === -1) continue;
      if (inside) out.push(eventEnd);
      inside = false;
      heldComma = false;
    }
    yield Buffer.concat(out);
  }
}
