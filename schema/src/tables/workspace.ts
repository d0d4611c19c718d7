import { boolean, bytes, id, instant, integer, json, nullable, oneOf, text } from "./column.ts";
import { scopedTable, workspaceTable } from "./table.ts";

/** One company's books. */
export const workspace = scopedTable(
  "workspace",
  { kind: "workspace", columns: ["id"] },
  {
    columns: {
      name: text,
      currency: text,
      locale: oneOf("en", "ru"),
      plan: oneOf("trial", "paid", "expired"),
      createdAt: instant,
      /** True when names of counterparties and texts of rows may be told to AI providers; else they see stand-ins. */
      aiNames: boolean,
    },
  },
);

/** A user's right to a workspace. */
export const member = scopedTable(
  "member",
  { kind: "user", columns: ["userId"] },
  {
    columns: { workspaceId: id, userId: id, role: oneOf("owner", "accountant", "viewer"), createdAt: instant },
    serverIndexes: [["workspaceId", "userId"], ["userId"]],
  },
);

/** One device's copy of a workspace and the last mutation of it the server applied. */
export const client = scopedTable(
  "client",
  { kind: "device", columns: ["id"] },
  { columns: { workspaceId: id, userId: id, lastSeq: integer, createdAt: instant } },
);

/** A mutation the server refused, with what its author needs to decide. */
export const rejection = scopedTable(
  "rejection",
  { kind: "author", columns: ["userId", "workspaceId"] },
  {
    columns: {
      workspaceId: id,
      userId: id,
      clientId: id,
      seq: integer,
      mutation: text,
      code: text,
      payload: json,
      status: oneOf("open", "retried", "discarded"),
      createdAt: instant,
    },
    serverIndexes: [["userId"]],
  },
);

/** Work asked of the cloud. */
export const job = workspaceTable("job", {
  columns: {
    kind: oneOf("analyze_report", "generate_forecast", "export_pdf", "sync_integration", "send_notification"),
    parameters: json,
    status: oneOf("requested", "running", "done", "failed", "cancelled"),
    attempt: integer,
    progressPermille: integer,
    errorCode: nullable(text),
    requestedBy: nullable(id),
    requestedAt: instant,
    finishedAt: nullable(instant),
  },
  serverIndexes: [["status"]],
});

/** A stored original or a finished export, addressed by its content: its id is its SHA-256. The server alone sets `uploaded`. */
export const file = workspaceTable("file", {
  columns: { sha256: text, name: text, mediaType: text, byteCount: integer, status: oneOf("local", "uploaded"), createdAt: instant },
});

/** A link to 1C or QuickBooks; secrets stay on the server. */
export const connection = workspaceTable("connection", {
  columns: { provider: oneOf("1c", "quickbooks"), name: text, status: oneOf("active", "reconnect", "paused"), settings: json, createdAt: instant },
});

/** How a company's exports look. */
export const brand = workspaceTable("brand", {
  columns: { companyName: text, colour: text, logo: nullable(bytes), updatedAt: instant },
});
