import { describe, expect, it } from "vitest";
import { openDeviceStream, type StreamEnd, type StreamSums } from "./device-stream.ts";

const noSums = { names: [], known: () => ({}), lsn: () => 10n };

function open(missed: readonly string[] | null = null, sums: StreamSums = noSums) {
  const ends: StreamEnd[] = [];
  const stream = openDeviceStream({ last: 5n, lsn: 10n, missed, sums, onEnd: (reason) => void ends.push(reason) });
  const reader = stream.body.getReader();
  const decoder = new TextDecoder();
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : decoder.decode(value);
  };
  return { stream, ends, next, cancel: () => reader.cancel() };
}

const advance = (prev: number, lsn: number, shapes: readonly string[]) => `event: advance\nid: ${lsn}\ndata: ${JSON.stringify({ prev: String(prev), lsn: String(lsn), shapes })}\n\n`;

describe("a device's stream", () => {
  it("begins with check, or with what was missed", async () => {
    expect(await open().next()).toBe('event: check\nid: 10\ndata: {"lsn":"10"}\n\n');
    expect(await open(["a"]).next()).toBe(advance(5, 10, ["a"]));
  });

  it("chains advances over commits that touched nothing", async () => {
    const { stream, next } = open();
    await next();
    stream.advance(11n);
    stream.mark("a");
    stream.advance(12n);
    expect(await next()).toBe(advance(10, 12, ["a"]));
    stream.tick(12n);
    expect(await next()).toBe(": alive\n\n");
    stream.tick(15n);
    expect(await next()).toBe(advance(12, 15, []));
  });

  it("merges what happens while its reader is slow, and nothing piles up", async () => {
    const { stream, next } = open();
    for (let lsn = 11n; lsn <= 1_000n; lsn++) {
      stream.mark(lsn % 2n === 0n ? "even" : "odd");
      stream.advance(lsn);
    }
    const frames: string[] = [];
    let frame = await next();
    while (frame !== null) {
      frames.push(frame);
      if (frame.includes('"lsn":"1000"')) break;
      frame = await next();
    }
    expect(frames.length).toBeLessThan(12);
    expect(frames.at(-1)).toMatch(/"shapes":\["(?:odd","even|even","odd)"\]/);
    for (const [index, later] of frames.slice(1).entries()) {
      const told = /"lsn":"(\d+)"/.exec(frames[index] ?? "")?.[1];
      expect(later).toContain(`"prev":"${told}"`);
    }
  });

  it("tells to check when what changed is not known, also what it was slow to tell, and never goes back", async () => {
    const { stream, next } = open();
    await next();
    stream.mark("a");
    stream.markAll();
    stream.advance(12n);
    expect(await next()).toBe('event: check\nid: 12\ndata: {"lsn":"12"}\n\n');
    stream.mark("b");
    stream.advance(11n);
    expect(await next()).toBe(advance(12, 12, ["b"]));
    stream.tick(9n);
    expect(await next()).toBe(": alive\n\n");
  });

  it("is cut when its reader takes nothing for a minute of ticks", async () => {
    const { stream, ends } = open();
    for (let lsn = 11n; lsn <= 40n; lsn++) {
      stream.mark("a");
      stream.advance(lsn);
    }
    for (let tick = 0; tick < 6; tick++) stream.tick(40n);
    expect(ends).toEqual(["stalled"]);
  });

  it("ends once", async () => {
    const { stream, ends, next } = open();
    await next();
    stream.end("expired");
    stream.end("shutdown");
    stream.mark("a");
    stream.advance(50n);
    stream.tick(50n);
    expect(await next()).toBeNull();
    expect(ends).toEqual(["expired"]);
    const left = open();
    await left.cancel();
    expect(left.ends).toEqual(["reader"]);
  });

  it("tells each sum once when it is known, again when its shape changed, and never at an LSN it does not hold at", async () => {
    const sum = (rows: number) => ({ rows, sum: String(rows).padStart(16, "0") });
    const known: Record<string, { rows: number; sum: string }> = { a: sum(1) };
    let lsn = 10n;
    const sums = { names: ["a", "b"], lsn: () => lsn, known: (names: Iterable<string>) => Object.fromEntries([...names].flatMap((name) => (known[name] ? [[name, known[name]]] : []))) };
    const { stream, next } = open(null, sums);
    expect(await next()).toContain(JSON.stringify({ lsn: "10", sums: { a: sum(1) } }));
    known["b"] = sum(2);
    lsn = 11n;
    stream.tell();
    stream.mark("a");
    known["a"] = sum(3);
    stream.advance(11n);
    expect(await next()).toContain(JSON.stringify({ prev: "10", lsn: "11", shapes: ["a"], sums: { b: sum(2), a: sum(3) } }));
    stream.tick(11n);
    expect(await next()).toBe(": alive\n\n");
    delete known["a"];
    lsn = 12n;
    stream.mark("a");
    stream.advance(12n);
    expect(await next()).toBe(advance(11, 12, ["a"]));
    known["a"] = sum(4);
    stream.tell();
    expect(await next()).toContain(JSON.stringify({ prev: "12", lsn: "12", shapes: [], sums: { a: sum(4) } }));
  });
});
