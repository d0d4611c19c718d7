import { describe, expect, it } from "vitest";
import { jsonSlices } from "./json-slices.ts";
import { openSnapshotStream } from "./snapshot-stream.ts";

const row = (id: number, lsn?: number) => ({ key: `k${id}`, value: { id: String(id), text: "a,\nb]" }, headers: { operation: "insert", ...(lsn === undefined ? {} : { lsn: String(lsn), op_position: 0 }) } });
const bodyOf = (messages: readonly unknown[]) => `[${messages.map((message) => JSON.stringify(message)).join(",\n")}]`;
const collect = async (text: string) => {
  const slices: unknown[][] = [];
  for await (const slice of jsonSlices(new Response(text))) slices.push([...slice.messages()]);
  return slices;
};
/** Long enough for several slices. */
const many = Array.from({ length: 60_000 }, (_, index) => row(index, index + 1));

describe("an answer read in slices", () => {
  it("gives every message once, in order", async () => {
    const slices = await collect(bodyOf(many));
    expect(slices.length).toBeGreaterThan(2);
    expect(slices.flat()).toEqual(many);
    expect(await collect("[]")).toEqual([[]]);
  });

  it("is read in one piece when its lines are not messages", async () => {
    expect((await collect(JSON.stringify(many, null, 1))).flat()).toEqual(many);
  });

  it.each(["", "[", bodyOf(many).slice(0, -1), bodyOf(many).slice(0, 3_000_000), "{}"])("is refused when it is cut or no array (%#)", async (text) => {
    await expect(collect(text)).rejects.toThrow(SyntaxError);
  });
});

/** Answers requests in turn and keeps what was asked. */
function server(answers: readonly (() => Response | Promise<Response>)[]) {
  const asked: string[] = [];
  const fetchClient: typeof fetch = async (input) => {
    const { searchParams } = new URL(input instanceof Request ? input.url : input);
    asked.push(`${searchParams.get("offset")} ${searchParams.get("handle")}`);
    const answer = answers[asked.length - 1];
    if (!answer) throw new TypeError("asked too often");
    return answer();
  };
  return { asked, fetchClient };
}

const answer = (text: string, handle: string, offset: string, upToDate = false) => () =>
  new Response(text, { headers: { "electric-handle": handle, "electric-offset": offset, ...(upToDate ? { "electric-up-to-date": "" } : {}) } });

async function fetched(answers: readonly (() => Response | Promise<Response>)[]) {
  const { asked, fetchClient } = server(answers);
  const events: string[] = [];
  let batches = 0;
  const stream = openSnapshotStream({
    ports: { clock: { nowMs: () => 0, sleep: () => Promise.resolve() }, random: () => 0, ids: { next: () => "id" } },
    url: "http://model.test/v1/shapes/category?scope=w",
    cursor: undefined,
    fetch: fetchClient,
    signal: new AbortController().signal,
    events: {
      text: async () => false,
      async batch(raw, cursor) {
        batches += raw.length;
        events.push(`${cursor.handle} ${cursor.offset}`);
      },
      async refetch() {
        events.push("refetch");
      },
      failed: (status) => events.push(`failed ${status}`),
      reachable: (isReachable) => events.push(isReachable ? "back" : "gone"),
    },
  });
  return { end: await stream.done, asked, events, batches: () => batches };
}

describe("a snapshot being fetched", () => {
  it("goes from offset to offset until it is up to date", async () => {
    const { end, asked, events } = await fetched([answer(bodyOf([row(1)]), "h", "0_0"), answer(bodyOf([row(2)]), "h", "0_1"), answer("[]", "h", "7_0", true)]);
    expect(end).toEqual({ handle: "h", offset: "7_0" });
    expect(asked).toEqual(["-1 null", "0_0 h", "0_1 h"]);
    expect(events).toEqual(["h 0_0", "h 0_1", "h 7_0"]);
  });

  it("goes on behind the last change it took in when an answer of the log is cut", async () => {
    const { asked, events } = await fetched([answer("[]", "h", "0_0"), answer(bodyOf(many).slice(0, -1), "h", "70000_0"), answer("[]", "h", "70000_0", true)]);
    expect(asked[1]).toBe("0_0 h");
    const [offset] = (asked[2] ?? "").split(" ");
    expect(events).toContain(`h ${offset}`);
    expect(Number(offset?.split("_")[0])).toBeGreaterThan(10_000);
    expect(offset).not.toBe("70000_0");
    expect(events.at(-1)).toBe("h 70000_0");
  });

  it("begins anew when the log did, and gives up on what will not mend", async () => {
    const conflict = () => new Response("[]", { status: 409 });
    const { end, asked, events } = await fetched([answer(bodyOf([row(1)]), "h", "0_0"), conflict, answer("[]", "h2", "0_0"), () => new Response("", { status: 404 })]);
    expect(end).toBeUndefined();
    expect(asked).toEqual(["-1 null", "0_0 h", "-1 null", "0_0 h2"]);
    expect(events).toEqual(["h 0_0", "refetch", "h2 0_0", "failed 404"]);
  });

  it("waits for a server that is away", async () => {
    const gone = () => Promise.reject(new TypeError("no network"));
    const { end, events } = await fetched([gone, gone, gone, () => new Response("", { status: 503 }), gone, gone, answer("[]", "h", "0_0"), answer("[]", "h", "1_0", true)]);
    expect(end).toEqual({ handle: "h", offset: "1_0" });
    expect(events).toEqual(["gone", "h 0_0", "back", "h 1_0"]);
  });
});
