import type { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import type { RowStore } from "./row-store.ts";

/** What a person must be allowed to do for a mutation to run. */
export type Permission = "edit" | "manage";

/** A member's role in a workspace. */
export type Role = "owner" | "accountant" | "viewer";

const permissionsByRole: Readonly<Record<Role, readonly Permission[]>> = {
  owner: ["edit", "manage"],
  accountant: ["edit"],
  viewer: [],
};

/** True when a role carries a permission. */
export function isPermitted(role: Role, permission: Permission): boolean {
  return permissionsByRole[role].includes(permission);
}

/** Who runs a mutation, and where. The same on the device and on the relay. */
export interface MutationContext {
  readonly workspaceId: string;
  /** Null on a device that never signed in. */
  readonly userId: string | null;
}

/**
 * A named, versioned change of rows. It runs once on the device, at once, and once on the relay, whose result wins; so it depends on
 * nothing but its arguments, its context and the rows. Refusal is a thrown `SaldoError` with a `mutation.*` code: nothing of it stays.
 */
export interface Mutation<Args> {
  readonly name: string;
  readonly version: number;
  readonly permission: Permission;
  readonly args: z.ZodType<Args>;
  run(rows: RowStore, args: Args, context: MutationContext): Promise<void>;
}

/** A declared mutation, and the way to run it on arguments from outside. */
export interface DeclaredMutation<Name extends string, Args> extends Mutation<Args> {
  readonly name: Name;
  /** Parses arguments once and binds them. Throws `SaldoError` `mutation.invalid_arguments` naming the fields at fault. */
  bind(args: unknown): (rows: RowStore, context: MutationContext) => Promise<void>;
}

/** Declares a mutation, inferring its arguments from zod. */
export function defineMutation<const Name extends string, Args>(mutation: Mutation<Args> & { readonly name: Name }): DeclaredMutation<Name, Args> {
  return {
    ...mutation,
    bind(args) {
      const parsed = mutation.args.safeParse(args);
      if (!parsed.success) {
        const fields = parsed.error.issues.slice(0, 3).map((issue) => issue.path.slice(0, 3).join("."));
        throw new SaldoError("mutation.invalid_arguments", { fields: fields.join(", ") });
      }
      return (rows, context) => mutation.run(rows, parsed.data, context);
    },
  };
}
