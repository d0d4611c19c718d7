import { z } from "zod";
import type { JsonValue } from "../json.ts";
import { minor } from "../money.ts";
import { nameLengthMax, textLengthMax } from "./limits.ts";

const json: z.ZodType<JsonValue> = z.json();

/** zod types of the fields mutations share. */
export const field = {
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(nameLengthMax),
  text: z.string().max(textLengthMax),
  currency: z.string().regex(/^[A-Z]{3}$/),
  date: z.iso.date(),
  instant: z.iso.datetime({ precision: 3 }),
  money: z.int().transform(minor),
  count: z.int().min(0),
  json,
  locale: z.enum(["en", "ru"]),
};
