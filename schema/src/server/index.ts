export { migrations as serverMigrations } from "./migrations/index.ts";
export {
  appliedMutation,
  authSchema,
  credential,
  jobOutbox,
  rateLimit,
  relaySchema,
  serverGeneration,
  session,
  user,
  verification,
} from "./tables.ts";
