import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import type { ProviderName } from "../providers/provider.ts";
import { anthropicEvents, openAiEvents, type WireEvents } from "./wire-events.ts";

/** How a server answers one request. */
export type WireAnswer =
  | { readonly kind: "json"; readonly value: unknown }
  /** Text as it is, JSON or not. */
  | { readonly kind: "text"; readonly text: string }
  /** An HTTP status other than 200, with the body of the vendor's errors. */
  | { readonly kind: "status"; readonly status: number; readonly type?: string }
  /** The model stops at its longest answer. */
  | { readonly kind: "truncated"; readonly text: string }
  | { readonly kind: "refused" }
  /** An error told within the stream. */
  | { readonly kind: "error_event"; readonly type: string }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: "cut"; readonly text: string }
  /** A line of the stream that is no JSON. */
  | { readonly kind: "garbage"; readonly text: string }
  /** Nothing ever comes. */
  | { readonly kind: "silent" };

/** What a server was asked, in the words of our port. */
export interface WireRequest {
  readonly model: string;
  readonly instructions: string;
  readonly data: string;
  readonly schema: unknown;
  readonly key: string;
  readonly body: string;
}

/** A server that speaks one vendor's API. */
export interface ModelWire {
  readonly baseUrl: string;
  readonly requests: readonly WireRequest[];
  /** Requests that did not look as the vendor's API wants them; empty in every good test. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

const openAiBody = z.looseObject({
  model: z.string(),
  instructions: z.string(),
  input: z.tuple([z.strictObject({ role: z.literal("user"), content: z.string() })]),
  text: z.strictObject({ format: z.looseObject({ type: z.literal("json_schema"), name: z.string(), strict: z.literal(true), schema: z.looseObject({ type: z.literal("object"), additionalProperties: z.literal(false) }) }) }),
  max_output_tokens: z.int().min(16),
  store: z.literal(false),
  stream: z.literal(true),
  tools: z.undefined().optional(),
});
const anthropicBody = z.looseObject({
  model: z.string(),
  system: z.string(),
  messages: z.tuple([z.strictObject({ role: z.literal("user"), content: z.string() })]),
  output_config: z.looseObject({ format: z.looseObject({ type: z.literal("json_schema"), schema: z.looseObject({ type: z.literal("object"), additionalProperties: z.literal(false) }) }) }),
  max_tokens: z.int().min(1),
  stream: z.literal(true),
  tools: z.undefined().optional(),
});

interface Vendor {
  readonly path: string;
  readonly events: WireEvents;
  keyOf(request: IncomingMessage): string | undefined;
  requestOf(body: unknown): Omit<WireRequest, "key" | "body">;
}

const vendors: Readonly<Record<ProviderName, Vendor>> = {
  openai: {
    path: "/v1/responses",
    events: openAiEvents,
    keyOf: (request) => request.headers.authorization?.replace(/^Bearer /, ""),
    requestOf: (body) => {
      const { model, instructions, input, text } = openAiBody.parse(body);
      return { model, instructions, data: input[0].content, schema: text.format.schema };
    },
  },
  anthropic: {
    path: "/v1/messages",
    events: anthropicEvents,
    keyOf: (request) => (request.headers["anthropic-version"] === undefined ? undefined : request.headers.authorization?.replace(/^Bearer /, "")),
    requestOf: (body) => {
      const { model, system, messages, output_config: output } = anthropicBody.parse(body);
      return { model, instructions: system, data: messages[0].content, schema: output.format.schema };
    },
  },
};

/** Starts a server of one vendor's API on a free port of this machine; `answer` says how each request is answered. */
export async function startModelWire(name: ProviderName, answer: (request: WireRequest) => WireAnswer | Promise<WireAnswer>): Promise<ModelWire> {
  const vendor = vendors[name];
  const requests: WireRequest[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const asked = read(vendor, request, body);
      if (typeof asked === "string") {
        faults.push(asked);
        tellStatus(response, 400, "invalid_request_error");
        return;
      }
      requests.push(asked);
      void Promise.resolve(answer(asked)).then((answered) => tell(response, vendor.events, answered));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const { port } = address;
  return {
    baseUrl: `http://127.0.0.1:${port}${name === "openai" ? "/v1" : ""}`,
    requests,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(vendor: Vendor, request: IncomingMessage, body: string): WireRequest | string {
  const key = vendor.keyOf(request);
  if (request.method !== "POST" || request.url !== vendor.path || key === undefined) return `${request.method} ${request.url}`;
  try {
    return { ...vendor.requestOf(JSON.parse(body)), key, body };
  } catch (error) {
    return error instanceof Error ? error.message : "unreadable";
  }
}

function tell(response: ServerResponse, events: WireEvents, answer: WireAnswer): void {
  if (answer.kind === "silent") return;
  if (answer.kind === "status") {
    tellStatus(response, answer.status, answer.type ?? "api_error");
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const text = answer.kind === "json" ? JSON.stringify(answer.value) : "text" in answer ? answer.text : "";
  response.write(events.start());
  for (const part of text.match(/[\s\S]{1,40}/gu) ?? []) response.write(events.text(part));
  switch (answer.kind) {
    case "json":
    case "text":
      response.end(events.end(text));
      return;
    case "truncated":
      response.end(events.truncated(text));
      return;
    case "refused":
      response.end(events.refused());
      return;
    case "error_event":
      response.end(events.error(answer.type));
      return;
    case "garbage":
      response.end("event: message\ndata: {\"type\": <html>\n\n");
      return;
    case "cut":
      response.write("event: ", () => response.destroy());
  }
}

function tellStatus(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ type: "error", error: { type, code: type, message: "told by the test" } }));
}
