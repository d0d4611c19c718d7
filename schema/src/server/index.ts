export { migrations as serverMigrations } from "./migrations/index.ts";
export { queueJobStatement } from "./queue-job.ts";
export {
  appliedMutation,
  authSchema,
  credential,
  deadLetter,
  jobOutbox,
  rateLimit,
  relaySchema,
  serverGeneration,
  session,
  user,
  verification,
} from "./tables.ts";
