import { invalidRequest, RequestRefused } from "../refusal.ts";
import type { ShapeService } from "../service.ts";
import { readShapeRequest } from "./shape-params.ts";

const mismatch =
  "The specified shape definition and handle do not match. Please ensure the shape definition is correct or omit the shape handle from the request to obtain a new one.";

/** Answers DELETE: ends the shape named by definition, by handle, or by both. Throws `RequestRefused` (400, 404, 405). */
export function deleteShape(service: ShapeService, params: URLSearchParams, allowed: boolean): Response {
  if (!allowed) throw new RequestRefused(405, { message: "DELETE not allowed" });
  const shape = readShapeRequest(params);
  const handle = params.get("handle") ?? "";
  if (shape.table === "" && handle === "") throw invalidRequest("handle", "can't be blank when shape definition is missing");
  const result = service.invalidate({ ...(handle === "" ? {} : { handle }), ...(shape.table === "" ? {} : { shape }) });
  if (result === "mismatch") throw new RequestRefused(400, { message: mismatch });
  if (result === "unknown") throw new RequestRefused(404, { message: "No existing shape found" });
  return new Response(null, { status: 202, headers: { "cache-control": "no-cache" } });
}
