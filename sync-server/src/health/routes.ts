import { SaldoError } from "@saldo/schema";
import type pg from "pg";
import type { Route } from "../http/route.ts";

/** `GET /health`: 200 when the relay reaches its database, else 503 `relay.unavailable`. */
export function healthRoutes(pool: pg.Pool): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/health",
      access: "public",
      async handle(context) {
        try {
          await pool.query("select 1");
        } catch (cause) {
          throw new SaldoError("relay.unavailable", { retryAfterSeconds: 2 }, { cause });
        }
        return context.json({ status: "active" }, 200, { "cache-control": "no-store" });
      },
    },
  ];
}
