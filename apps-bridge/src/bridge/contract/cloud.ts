import { z } from "zod";
import { watch, write } from "../methods.ts";
import { done, instant, none, rowId } from "./money.ts";

/** Work asked of the cloud, as its row says. */
export const cloudJobSchema = z.object({
  jobId: rowId,
  /** `waiting`: on this device, in the outbox, or for a worker. */
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
  progressPermille: z.int().min(0).max(1000),
  requestedAt: instant,
  finishedAt: instant.nullable(),
  /** Why it failed. */
  errorCode: z.string().nullable(),
});
/** See {@link cloudJobSchema}. */
export type CloudJob = z.output<typeof cloudJobSchema>;

/** The last analysis that was asked of the cloud, and what the newest finished one has brought. */
export const analysisViewSchema = z.object({
  request: cloudJobSchema.nullable(),
  latest: z
    .object({
      computedAt: instant,
      /** Advice of models beside that of the rules. */
      advice: z.int().nonnegative(),
      /** Findings said in plain words. */
      findings: z.int().nonnegative(),
      /** Rows a category is suggested for. */
      suggestions: z.int().nonnegative(),
      /** Figures whose change is explained. */
      changes: z.int().nonnegative(),
    })
    .nullable(),
});
/** See {@link analysisViewSchema}. */
export type AnalysisView = z.output<typeof analysisViewSchema>;

/** What people decide of a company as a whole. */
export const companyViewSchema = z.object({
  /** Names of counterparties and texts of rows may be told to AI providers. */
  aiNames: z.boolean(),
  /** This person has the right to change it. */
  mayManage: z.boolean(),
});
/** See {@link companyViewSchema}. */
export type CompanyView = z.output<typeof companyViewSchema>;

const longestTitle = 200;

/** Asking the cloud for work. Every request is kept here at once and leaves when there is a network. */
export const cloudMethods = {
  "analysis.watch": watch(none, analysisViewSchema),
  /** Asks for a report of the last complete month with everything there is to say; `title` names it. */
  "analysis.request": write(z.object({ title: z.string().trim().min(1).max(longestTitle) }), z.object({ jobId: rowId })),
  /** Stops work that waits or runs; what is over stays as it is. */
  "cloud.cancel": write(z.object({ jobId: rowId }), done),
  /** Asks once more for work that failed or was stopped. */
  "cloud.retry": write(z.object({ jobId: rowId }), done),
  "company.watch": watch(none, companyViewSchema),
  "company.setAiNames": write(z.object({ aiNames: z.boolean() }), done),
};
