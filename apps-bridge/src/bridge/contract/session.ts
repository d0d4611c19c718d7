import { isErrorCode, type ErrorCode } from "@saldo/schema";
import { z } from "zod";
import { done, none, currencyCode } from "./money.ts";
import { read, watch, write } from "../methods.ts";

/** Who uses this device and in which company's books. */
export const sessionSchema = z.object({
  signedIn: z.boolean(),
  email: z.string().optional(),
  workspace: z.object({ id: z.string(), name: z.string(), currency: currencyCode }).optional(),
  /** The books of who was signed in last are on this device and could not be opened, and why; see `unopened.*`. */
  unopened: z.object({ companyName: z.string(), code: z.custom<ErrorCode>(isErrorCode) }).optional(),
});
/** See {@link sessionSchema}. */
export type Session = z.output<typeof sessionSchema>;

const email = z.string().max(254);
const password = z.string().max(1024);

/** Signing up, in and out. */
export const sessionMethods = {
  "session.status": read(none, sessionSchema),
  "session.watch": watch(none, sessionSchema),
  "session.signUp": write(
    z.object({ email, password, companyName: z.string().max(200), currency: currencyCode, locale: z.enum(["en", "ru"]) }),
    sessionSchema,
  ),
  "session.signIn": write(z.object({ email, password }), sessionSchema),
  /** Removes the books from this device; refused with `sync.unsent_changes` when more changes are unsent than `discardUnsent`. */
  "session.signOut": write(z.object({ discardUnsent: z.int().nonnegative() }), done),
};
