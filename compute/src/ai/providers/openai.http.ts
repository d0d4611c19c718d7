import type OpenAI from "openai";
import { answerOfText, failureOfStatus, failureOfType, silentLogger } from "./failures.ts";
import type { AskOptions, ModelProvider, ModelQuestion, ProviderAnswer, TokenUsage } from "./provider.ts";

/** How a provider is reached. */
export interface ProviderAccess {
  readonly apiKey: string;
  readonly model: string;
  /** Undefined for the vendor's own address. */
  readonly baseUrl: string | undefined;
}

/** Models that think before they answer, and take an effort for it. */
const thinks = /^(?:gpt-5|o\d)/;

/** OpenAI's Responses API by its official client: streamed, strict JSON schema, nothing kept by the provider (`store: false`). */
export function openAiProvider({ apiKey, model, baseUrl }: ProviderAccess): ModelProvider {
  const open = async () => {
    const sdk = await loadSdk();
    return { sdk, client: new sdk.OpenAI({ apiKey, baseURL: baseUrl ?? "https://api.openai.com/v1", organization: null, project: null, maxRetries: 0, logLevel: "off", logger: silentLogger }) };
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    name: "openai",
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
  const [{ default: client }, { zodTextFormat }] = await Promise.all([import("openai"), import("openai/helpers/zod")]);
  return { OpenAI: client, zodTextFormat };
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function ask({ sdk, client, model }: { readonly sdk: Sdk; readonly client: OpenAI; readonly model: string }, question: ModelQuestion<unknown>, { signal, onText }: AskOptions): Promise<ProviderAnswer> {
  const stream = await client.responses.create(
    {
      model,
      instructions: question.instructions,
      input: [{ role: "user", content: question.data }],
      text: { format: sdk.zodTextFormat(question.schema, question.purpose) },
      max_output_tokens: question.outputTokensMax,
      store: false,
      stream: true,
      ...(thinks.test(model) ? { reasoning: { effort: "low" as const } } : {}),
    },
    { signal },
  );
  let text = "";
  let isRefused = false;
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") onText((text += event.delta).length);
    else if (event.type === "response.refusal.delta" || event.type === "response.refusal.done") isRefused = true;
    else if (event.type === "error") return { ok: false, failure: failureOfType(event.code), usage: null };
    else if (event.type === "response.failed") return { ok: false, failure: failureOfType(event.response.error?.code), usage: usageOf(event.response) };
    else if (event.type === "response.incomplete") {
      const isFiltered = event.response.incomplete_details?.reason === "content_filter";
      return { ok: false, failure: isFiltered ? "refused" : "truncated", usage: usageOf(event.response) };
    } else if (event.type === "response.completed") {
      const usage = usageOf(event.response);
      return isRefused ? { ok: false, failure: "refused", usage } : answerOfText(text, usage);
    }
  }
  return { ok: false, failure: signal.aborted ? "timed_out" : "unreachable", usage: null };
}

function usageOf({ usage }: OpenAI.Responses.Response): TokenUsage | null {
  return usage === undefined || usage === null ? null : { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens };
}

function failed(sdk: Sdk, error: unknown, signal: AbortSignal): ProviderAnswer {
  const failure = () => {
    if (signal.aborted || error instanceof sdk.OpenAI.APIConnectionTimeoutError) return "timed_out";
    if (error instanceof SyntaxError) return "malformed";
    if (!(error instanceof sdk.OpenAI.APIError) || error instanceof sdk.OpenAI.APIConnectionError) return "unreachable";
    if (error.code === "insufficient_quota") return "rejected";
    return error.status === undefined ? failureOfType(error.type ?? error.code) : failureOfStatus(error.status);
  };
  return { ok: false, failure: failure(), usage: null };
}
