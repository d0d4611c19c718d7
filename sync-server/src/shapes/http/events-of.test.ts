import { expect, it } from "vitest";
import { eventsOf } from "./events-of.ts";

async function* cut(text: string, size: number): AsyncGenerator<Buffer, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it("makes the same events of a log however its bytes are cut", async () => {
  const messages = ['{"a":",","b":"[1,2],"}', '{"v":"привет,"}', "{}"];
  const log = messages.map((message) => `${message},\n`).join("");
  for (let size = 1; size <= Buffer.byteLength(log); size++) {
    const out: Buffer[] = [];
    for await (const piece of eventsOf(cut(log, size))) out.push(piece);
    expect(Buffer.concat(out).toString()).toBe(messages.map((message) => `data: ${message}\n\n`).join(""));
  }
});
