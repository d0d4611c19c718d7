import { afterEach, expect, it, describe } from "vitest";
import { z } from "zod";
import { startModelWire, type ModelWire, type WireAnswer } from "../testing/model-wire.ts";
import { wireUsage } from "../testing/wire-events.ts";
import { anthropicProvider } from "./anthropic.http.ts";
import { openAiProvider } from "./openai.http.ts";
import { providerNames, type ModelQuestion, type ProviderName } from "./provider.ts";

const question: ModelQuestion<unknown> = {
  purpose: "propose",
  instructions: "Say what is heaviest.",
  data: "<data>\n{}\n</data>",
  schema: z.strictObject({ proposals: z.array(z.strictObject({ target: z.string(), changePercent: z.int().min(-50).max(50) })) }),
  outputTokensMax: 1_000,
};
const good = { proposals: [{ target: "c1", changePercent: -15 }] };
const makers = { openai: openAiProvider, anthropic: anthropicProvider };

let wire: ModelWire;
afterEach(() => wire.close());

async function ask(name: ProviderName, answer: WireAnswer, signal = new AbortController().signal) {
  wire = await startModelWire(name, () => answer);
  const progress: number[] = [];
  const provider = makers[name]({ apiKey: "key-of-the-test", model: "model-1", baseUrl: wire.baseUrl });
  const found = await provider.ask(question, { signal, onText: (characters) => progress.push(characters) });
  return { found, progress };
}

describe.each(providerNames)("%s", (name) => {
  it("asks as the vendor's API wants it, and reads the answer and its price", async () => {
    const { found, progress } = await ask(name, { kind: "json", value: good });
    expect(found).toEqual({ ok: true, value: good, usage: wireUsage });
    expect(progress.at(-1)).toBe(JSON.stringify(good).length);
    expect(progress.length).toBeGreaterThan(1);
    expect(wire.faults).toEqual([]);
    expect(wire.requests).toMatchObject([{ model: "model-1", instructions: question.instructions, data: question.data, key: "key-of-the-test" }]);
  });

  it.each<[string, WireAnswer, string]>([
    ["too many requests", { kind: "status", status: 429 }, "rate_limited"],
    ["a fault of the server", { kind: "status", status: 500 }, "server_error"],
    ["no room", { kind: "status", status: 529 }, "overloaded"],
    ["a wrong key", { kind: "status", status: 401, type: "authentication_error" }, "rejected"],
    ["no such model", { kind: "status", status: 404, type: "not_found_error" }, "rejected"],
    ["no room, told in the stream", { kind: "error_event", type: "overloaded_error" }, "overloaded"],
    ["a refusal", { kind: "refused" }, "refused"],
    ["an answer that stops at its longest", { kind: "truncated", text: '{"proposals":[{"tar' }, "truncated"],
    ["an answer that is no JSON", { kind: "text", text: "Sure! Here are my proposals: …" }, "malformed"],
    ["a stream that is no JSON", { kind: "garbage", text: "" }, "malformed"],
    ["a connection that breaks", { kind: "cut", text: '{"proposals":[]' }, "unreachable"],
  ])("%s", async (_, answer, failure) => {
    const { found } = await ask(name, answer);
    expect(found).toMatchObject({ ok: false, failure });
    expect(wire.requests).toHaveLength(1);
  });

  it("gives up when told to", async () => {
    const { found } = await ask(name, { kind: "silent" }, AbortSignal.timeout(50));
    expect(found).toEqual({ ok: false, failure: "timed_out", usage: null });
  });

  it("says so when nobody is there", async () => {
    wire = await startModelWire(name, () => ({ kind: "silent" }));
    await wire.close();
    const provider = makers[name]({ apiKey: "k", model: "m", baseUrl: wire.baseUrl });
    expect(await provider.ask(question, { signal: new AbortController().signal, onText: () => undefined })).toEqual({ ok: false, failure: "unreachable", usage: null });
  });
});

it.each<[ProviderName, string, boolean]>([
  ["openai", "gpt-5", true],
  ["openai", "gpt-4.1", false],
  ["anthropic", "claude-sonnet-5-5", true],
  ["anthropic", "claude-haiku-4-5", false],
])("%s's %s is asked to think little: %s", async (name, model, thinks) => {
  wire = await startModelWire(name, () => ({ kind: "json", value: good }));
  const found = await makers[name]({ apiKey: "k", model, baseUrl: wire.baseUrl }).ask(question, { signal: new AbortController().signal, onText: () => undefined });
  expect(found.ok).toBe(true);
  expect(wire.requests[0]?.body.includes('"effort":"low"')).toBe(thinks);
});
