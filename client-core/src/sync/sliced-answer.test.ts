import { expect, it } from "vitest";
import { nextTurn } from "../next-turn.ts";
import { slicedAnswers } from "./sliced-answer.ts";

const messageCount = 3_000;
const filling = "x".repeat(400);
const changes = Array.from({ length: messageCount }, (_, index) => ({ key: `k${index}`, value: { id: `t${index}`, filling }, headers: { operation: "insert", lsn: "110", op_position: index } }));
const upToDate = { headers: { control: "up-to-date", global_last_seen_lsn: "110" } };
const body = (messages: readonly object[]) => `[${messages.map((message) => JSON.stringify(message)).join(",\n")}]`;
const headers = { "electric-handle": "h", "electric-offset": "110_2999" };

/** The bytes, in pieces; cut after some of them when told to. */
function streamed(text: string, cutAfter = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= cutAfter) return controller.error(new TypeError("cut"));
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, (at += 64_000)));
    },
  });
}

function taking(answers: readonly (() => Response)[]) {
  const left = [...answers];
  const taken: unknown[] = [];
  const cursors: string[] = [];
  const fetchSliced = slicedAnswers(async () => left.shift()?.() ?? new Response(null, { status: 500 }), {
    text: async () => false,
    pause: nextTurn,
    batch: async (messages, { offset }) => {
      taken.push(...messages);
      cursors.push(offset);
    },
  });
  return { fetchSliced, taken, cursors };
}

it("hands a large answer on in slices, each with where the log goes on, and the last to the library", async () => {
  const { fetchSliced, taken, cursors } = taking([() => new Response(streamed(body([...changes, upToDate])), { headers })]);
  const rest: unknown = await (await fetchSliced("http://relay/")).json();
  expect(cursors.length).toBeGreaterThan(1);
  expect(cursors.at(-1)).toBe(`110_${taken.length - 1}`);
  expect([...taken, ...(Array.isArray(rest) ? rest : [])]).toEqual([...changes, upToDate]);
});

it("takes nothing twice when an answer is cut and asked for again", async () => {
  const whole = body([...changes, upToDate]);
  const { fetchSliced, taken } = taking([() => new Response(streamed(whole, 900_000), { headers }), () => new Response(streamed(whole), { headers })]);
  await expect(fetchSliced("http://relay/")).rejects.toThrow("cut");
  expect(taken.length).toBeGreaterThan(0);
  const rest: unknown = await (await fetchSliced("http://relay/")).json();
  expect([...taken, ...(Array.isArray(rest) ? rest : [])]).toEqual([...changes, upToDate]);
});

it("takes nothing twice when an answer that was cut comes shorter the second time", async () => {
  const few = changes.slice(0, 1_500);
  const short = { ...headers, "electric-offset": "110_1499", "content-length": "1000" };
  const { fetchSliced, taken } = taking([() => new Response(streamed(body([...changes, upToDate]), 600_000), { headers }), () => new Response(streamed(body([...few, upToDate])), { headers: short })]);
  await expect(fetchSliced("http://relay/")).rejects.toThrow("cut");
  expect(taken.length).toBeGreaterThan(0);
  const rest: unknown = await (await fetchSliced("http://relay/")).json();
  expect([...taken, ...(Array.isArray(rest) ? rest : [])]).toEqual([...few, upToDate]);
});

it("leaves answers alone that are small, empty or refusals", async () => {
  const small = new Response(body([upToDate]), { headers: { ...headers, "content-length": "60" } });
  const answers = [small, new Response(null, { status: 204, headers }), new Response("[]", { status: 409, headers })];
  const { fetchSliced } = taking(answers.map((answer) => () => answer));
  for (const answer of answers) expect(await fetchSliced("http://relay/")).toBe(answer);
});
