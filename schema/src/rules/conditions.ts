import { z } from "zod";
import { minor } from "../money.ts";

/** Most conditions of one rule. */
export const ruleConditionsMax = 20;
/** Longest text of one condition, in UTF-16 units. */
export const ruleTextLengthMax = 300;

const bound = z.int().transform(minor).nullable();

/** One condition of a rule about a transaction. Texts are compared as search text is: case and accents do not count. */
export const ruleCondition = z.discriminatedUnion("field", [
  z.strictObject({ field: z.literal("description"), op: z.enum(["contains", "starts_with", "equals"]), text: z.string().trim().min(1).max(ruleTextLengthMax) }),
  z.strictObject({ field: z.literal("counterparty"), op: z.enum(["contains", "starts_with", "equals"]), text: z.string().trim().min(1).max(ruleTextLengthMax) }),
  /** Size of the amount in minor units, without its sign; null leaves that end open. */
  z.strictObject({ field: z.literal("amount"), fromMinor: bound, toMinor: bound }),
  z.strictObject({ field: z.literal("direction"), direction: z.enum(["in", "out"]) }),
  z.strictObject({ field: z.literal("account"), accountId: z.string().min(1).max(64) }),
  z.strictObject({ field: z.literal("currency"), currency: z.string().regex(/^[A-Z]{3}$/) }),
]);

/** Conditions of a rule: all must hold. */
export const ruleConditions = z.array(ruleCondition).min(1).max(ruleConditionsMax);

/** One condition of a rule. */
export type RuleCondition = z.output<typeof ruleCondition>;
