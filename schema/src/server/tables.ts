import { sql } from "drizzle-orm";
import { bigint, boolean, customType, index, integer, jsonb, pgSchema, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** Sign-in bookkeeping, kept by better-auth. Never published to devices. */
export const authSchema = pgSchema("auth");

const instant = (name: string) => timestamp(name, { withTimezone: true });

/** People who can sign in. */
export const user = authSchema.table("user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  createdAt: instant("created_at").notNull().defaultNow(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/** Open sign-ins. */
export const session = authSchema.table(
  "session",
  {
    id: text("id").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
    token: text("token").notNull().unique(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: text("user_id").notNull().references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [index("session_user_id_idx").on(table.userId)],
);

/** Ways a person signs in: here email and password, hashed. */
export const credential = authSchema.table(
  "account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id").notNull().references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [index("account_user_id_idx").on(table.userId)],
);

/** Single-use tokens by mail. */
export const verification = authSchema.table(
  "verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [index("verification_identifier_idx").on(table.identifier)],
);

/** Counters of attempts, shared by all relays. */
export const rateLimit = authSchema.table("rate_limit", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique(),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

/** The relay's own bookkeeping. Never published to devices. */
export const relaySchema = pgSchema("relay");

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** One row: which incarnation of the database this is. A restored backup gets a new generation, and devices start over from it. */
export const serverGeneration = relaySchema.table("server_generation", {
  id: integer("id").primaryKey(),
  generation: text("generation").notNull(),
  /** Which database the generation was last seen in: its cluster, the cluster's timeline, its own number there. */
  lineage: text("lineage"),
});

/** Every mutation ever answered, with its verdict: what makes a retried upload harmless. */
export const appliedMutation = relaySchema.table(
  "applied_mutation",
  {
    clientId: text("client_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    sha256: bytea("sha256").notNull(),
    /** Null when applied, else the code it was refused with. */
    rejectionCode: text("rejection_code"),
    appliedAt: instant("applied_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.seq] })],
);

/** Committed job requests on their way to the queue: the outbox of `job` rows. */
export const jobOutbox = relaySchema.table(
  "job_outbox",
  {
    jobId: text("job_id").notNull(),
    attempt: integer("attempt").notNull(),
    workspaceId: text("workspace_id").notNull(),
    kind: text("kind").notNull(),
    queuedAt: instant("queued_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    detail: jsonb("detail"),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.jobId, table.attempt] }),
    index("job_outbox_queued_at_idx").on(table.queuedAt),
    index("job_outbox_waiting_idx").on(table.workspaceId, table.createdAt).where(sql`${table.queuedAt} is null`),
  ],
);

/** The dead-letter queue: attempts at jobs that ended as failed, with the reason, until someone who looks after the service has seen to them. */
export const deadLetter = relaySchema.table(
  "dead_letter",
  {
    jobId: text("job_id").notNull(),
    attempt: integer("attempt").notNull(),
    workspaceId: text("workspace_id").notNull(),
    kind: text("kind").notNull(),
    /** Code of the error catalogue. */
    code: text("code").notNull(),
    /** Name, system code and place of the fault; never its text, which may carry values. */
    fault: jsonb("fault"),
    failedAt: instant("failed_at").notNull().defaultNow(),
    /** Open, asked for again (`retried`), or left at that (`discarded`). */
    status: text("status").notNull().default("open"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.jobId, table.attempt] }), index("dead_letter_status_idx").on(table.status, table.failedAt)],
);

/** Bookkeeping of the cloud workers. Never published to devices. */
export const computeSchema = pgSchema("compute");

/** Every request to an AI provider with what it cost: written with its highest possible cost before it leaves, settled when it is answered. */
export const aiUsage = computeSchema.table(
  "ai_usage",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** The job it was made for; null outside of jobs. */
    jobId: text("job_id"),
    /** UTC month, YYYY-MM, whose budget pays. */
    month: text("month").notNull(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    purpose: text("purpose").notNull(),
    /** Null while the answer is awaited. */
    outcome: text("outcome"),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    /** Millionths of a US dollar. */
    costMicros: bigint("cost_micros", { mode: "number" }).notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("ai_usage_workspace_month_idx").on(table.workspaceId, table.month), index("ai_usage_job_id_idx").on(table.jobId)],
);

/** Answers of AI providers by what was asked, so that the same question of a workspace is paid for once. */
export const aiAnswer = computeSchema.table(
  "ai_answer",
  {
    workspaceId: text("workspace_id").notNull(),
    /** SHA-256 of provider, model, instructions, data and schema, in hex. */
    questionSha256: text("question_sha256").notNull(),
    answer: jsonb("answer").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.questionSha256] }), index("ai_answer_created_at_idx").on(table.createdAt)],
);
