import { type OnReadOpts, Socket, type SocketConstructorOpts } from "node:net";

const bufferBytes = 128 * 1024;
const headerBytes = 5;

/**
 * A socket that reads into two buffers in turns and tells of whole messages of the Postgres protocol only. A new buffer for each piece, as
 * sockets read otherwise, is memory outside the heap of which the collector hears, and it then walks the whole heap.
 *
 * What a `data` event brings is valid until the next but one: whoever has not worked it off by then pauses the socket.
 */
export function socketOfReusedBuffers(): Socket {
  const pieces = new WholeMessages();
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    onread: {
      buffer: () => pieces.room(),
      callback: (bytesRead) => {
        const whole = pieces.take(bytesRead);
        if (whole.length > 0) socket.emit("data", whole);
        return true;
      },
    },
  };
  const socket = new Socket(options);
  return socket;
}

/** Puts what is read together so that messages are whole: one byte of kind, four of length, the rest. */
export class WholeMessages {
  #current: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #other: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  /** Bytes of the current buffer that are read. */
  #filled = 0;
  /** Where the first message begins that is not told of. */
  #from = 0;

  /** Where to read to: behind what there is of a message, in another buffer than the messages that were told of last. */
  room(): Buffer {
    const rest = this.#current.subarray(this.#from, this.#filled);
    const messageBytes = rest.length < headerBytes ? 0 : 1 + rest.readUInt32BE(1);
    if (this.#from > 0 || messageBytes > this.#current.length) {
      const next = messageBytes <= this.#other.length ? this.#other : Buffer.allocUnsafeSlow(messageBytes);
      rest.copy(next);
      // One that was made for a large message goes with it.
      this.#other = this.#current.length === bufferBytes ? this.#current : Buffer.allocUnsafeSlow(bufferBytes);
      this.#current = next;
      this.#from = 0;
      this.#filled = rest.length;
    }
    return this.#current.subarray(this.#filled);
  }

  /** The whole messages there are after so many bytes more were read. */
  take(bytesRead: number): Buffer {
    const from = this.#from;
    this.#filled += bytesRead;
    while (this.#from + headerBytes <= this.#filled) {
      const end = this.#from + 1 + this.#current.readUInt32BE(this.#from + 1);
      if (end > this.#filled) break;
      this.#from = end;
    }
    return this.#current.subarray(from, this.#from);
  }
}
