/** The events of a vendor's stream, as text of server-sent events. */
export interface WireEvents {
  start(): string;
  text(delta: string): string;
  end(text: string): string;
  truncated(text: string): string;
  refused(): string;
  error(type: string): string;
}

/** Tokens the servers say a request took. */
export const wireUsage = { inputTokens: 1_200, outputTokens: 300 };

function event(name: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;
}

const item = { item_id: "msg_1", output_index: 0, content_index: 0 };

function response(status: string, text: string, rest: Readonly<Record<string, unknown>> = {}) {
  const content = [{ type: "output_text", text, annotations: [] }];
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_764_000_000,
    model: "test",
    status,
    error: null,
    incomplete_details: null,
    output: [{ id: "msg_1", type: "message", role: "assistant", status, content }],
    usage: {
      input_tokens: wireUsage.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: wireUsage.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: wireUsage.inputTokens + wireUsage.outputTokens,
    },
    ...rest,
  };
}

/** OpenAI's Responses API. */
export const openAiEvents: WireEvents = {
  start: () =>
    event("response.created", { sequence_number: 0, response: { ...response("in_progress", ""), output: [] } }) +
    event("response.output_item.added", { sequence_number: 1, output_index: 0, item: { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] } }),
  text: (delta) => event("response.output_text.delta", { ...item, sequence_number: 2, delta, logprobs: [] }),
  end: (text) => event("response.output_text.done", { ...item, sequence_number: 3, text, logprobs: [] }) + event("response.completed", { sequence_number: 4, response: response("completed", text) }),
  truncated: (text) =>
    event("response.incomplete", { sequence_number: 3, response: response("incomplete", text, { incomplete_details: { reason: "max_output_tokens" } }) }),
  refused: () =>
    event("response.refusal.delta", { ...item, sequence_number: 2, delta: "I cannot help with that." }) + event("response.completed", { sequence_number: 3, response: response("completed", "") }),
  error: (type) => event("error", { sequence_number: 2, code: type, message: "told by the test", param: null }),
};

/** Anthropic's Messages API. */
export const anthropicEvents: WireEvents = {
  start: () =>
    event("message_start", {
      message: { id: "msg_1", type: "message", role: "assistant", model: "test", content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: wireUsage.inputTokens, output_tokens: 1 } },
    }) +
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
    event("ping", {}),
  text: (delta) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text: delta } }),
  end: () => stopped("end_turn"),
  truncated: () => stopped("max_tokens"),
  refused: () => stopped("refusal"),
  error: (type) => event("error", { error: { type, message: "told by the test" } }),
};

function stopped(reason: string): string {
  return (
    event("content_block_stop", { index: 0 }) +
    event("message_delta", { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: wireUsage.outputTokens } }) +
    event("message_stop", {})
  );
}
