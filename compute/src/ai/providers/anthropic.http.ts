import type Anthropic from "@anthropic-ai/sdk";
import { answerOfText, failureOfStatus, failureOfType, silentLogger } from "./failures.ts";
import type { ProviderAccess } from "./openai.http.ts";
import type { AskOptions, ModelProvider, ModelQuestion, ProviderAnswer } from "./provider.ts";

/** Models that think before they answer unless told otherwise, within the tokens of the answer, and take an effort for it. */
const thinks = /^claude-[a-z]+-[5-9]/;

/** Anthropic's Messages API by its official client: streamed, structured output, no tools. */
export function anthropicProvider({ apiKey, model, baseUrl }: ProviderAccess): ModelProvider {
  const open = async () => {
    const sdk = await loadSdk();
    return { sdk, client: new sdk.Anthropic({ apiKey, baseURL: baseUrl ?? "https://api.anthropic.com", maxRetries: 0, logLevel: "off", logger: silentLogger }) };
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    name: "anthropic",
    model,
    ask: async (question, options) => {
      const { sdk, client } = await (opened ??= open());
      try {
        return await ask({ sdk, client, model }, question, options);
      } catch (error) {
        return failed(sdk, error, options.signal);
      }
    },
  };
}

/** The vendor's client is loaded with the first question: a thread that asks nobody does without it. */
async function loadSdk() {
  const [{ default: client }, { zodOutputFormat }] = await Promise.all([import("@anthropic-ai/sdk"), import("@anthropic-ai/sdk/helpers/zod")]);
  return { Anthropic: client, zodOutputFormat };
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function ask({ sdk, client, model }: { readonly sdk: Sdk; readonly client: Anthropic; readonly model: string }, question: ModelQuestion<unknown>, { signal, onText }: AskOptions): Promise<ProviderAnswer> {
  const stream = await client.messages.create(
    {
      model,
      system: question.instructions,
      messages: [{ role: "user", content: question.data }],
      output_config: { format: sdk.zodOutputFormat(question.schema), ...(thinks.test(model) ? { effort: "low" as const } : {}) },
      max_tokens: question.outputTokensMax,
      stream: true,
    },
    { signal },
  );
  let text = "";
  let inputTokens = 0;
  let outputTokens = 0;
  let stopReason: Anthropic.StopReason | null = null;
  for await (const event of stream) {
    if (event.type === "message_start") inputTokens = event.message.usage.input_tokens;
    else if (event.type === "content_block_delta" && event.delta.type === "text_delta") onText((text += event.delta.text).length);
    else if (event.type === "message_delta") {
      stopReason = event.delta.stop_reason;
      outputTokens = event.usage.output_tokens;
    } else if (event.type === "message_stop") {
      const usage = { inputTokens, outputTokens };
      if (stopReason === "refusal") return { ok: false, failure: "refused", usage };
      return stopReason === "end_turn" || stopReason === "stop_sequence" ? answerOfText(text, usage) : { ok: false, failure: "truncated", usage };
    }
  }
  return { ok: false, failure: signal.aborted ? "timed_out" : "unreachable", usage: null };
}

function failed(sdk: Sdk, error: unknown, signal: AbortSignal): ProviderAnswer {
  const failure = () => {
    if (signal.aborted || error instanceof sdk.Anthropic.APIConnectionTimeoutError) return "timed_out";
    if (error instanceof SyntaxError) return "malformed";
    if (!(error instanceof sdk.Anthropic.APIError) || error instanceof sdk.Anthropic.APIConnectionError) return "unreachable";
    return error.status === undefined ? failureOfType(error.type) : failureOfStatus(error.status);
  };
  return { ok: false, failure: failure(), usage: null };
}
