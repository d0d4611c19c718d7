import { SaldoError } from "@saldo/schema";
import { Option, type Command } from "commander";
import { z } from "zod";
import { parseCount } from "../commands/books-commands.ts";
import type { Locale, Terminal } from "../terminal.ts";
import { adminDiscardJobs, adminListJobs, adminRetryJobs, adminShowJob, type AdminOptions } from "./jobs-commands.ts";
import { jobStates, type DeadLetterChoice } from "./jobs.pg.ts";

const listedDefault = 100;
const listedMax = 10_000;

/** Adds `saldo admin`: what those who look after a server do, on its database (`DATABASE_URL`). */
export function addAdminCommands(program: Command, { terminal, locale }: { readonly terminal: Terminal; readonly locale: Locale }): void {
  const admin = program.command("admin").description("look after a server: works on the database in DATABASE_URL");
  const jobs = admin.command("jobs").description("jobs of the cloud workers; given-up ones can be asked for again");
  const command = (name: string, description: string) =>
    jobs
      .command(name)
      .description(description)
      .addOption(new Option("--locale <locale>", "language of messages (else by LANG)").choices(["en", "ru"]))
      .addOption(new Option("--json", "print JSON"));
  const optionsOf = (options: Record<string, unknown>): AdminOptions => ({ json: options["json"] === true, locale: z.enum(["en", "ru"]).catch(locale).parse(options["locale"]) });

  command("list", "jobs that were given up, wait, are at work or are done, with what they cost at AI providers")
    .addOption(new Option("--state <state>", "which").choices(jobStates).default("dead"))
    .option("--limit <n>", "jobs to print", String(listedDefault))
    .action((options: Record<string, unknown>) => adminListJobs(terminal, z.enum(jobStates).parse(options["state"]), parseCount(String(options["limit"]), "--limit", listedMax), optionsOf(options)));

  command("show <job>", "all that is kept of one job: its attempts, and why each was given up")
    .action((jobId: string, options: Record<string, unknown>) => adminShowJob(terminal, jobId, optionsOf(options)));

  const choosing = (name: string, description: string, act: (choice: DeadLetterChoice, options: AdminOptions) => Promise<void>) =>
    command(name, description)
      .option("--all", "all that were given up")
      .option("--code <code>", "those given up for this reason")
      .action((jobIds: string[], options: Record<string, unknown>) => act(choiceOf(jobIds, options), optionsOf(options)));
  choosing("retry [jobs...]", "ask for given-up jobs again, as their next attempt", (choice, options) => adminRetryJobs(terminal, choice, options));
  choosing("discard [jobs...]", "leave given-up jobs at that", (choice, options) => adminDiscardJobs(terminal, choice, options));
}

function choiceOf(jobIds: readonly string[], options: Record<string, unknown>): DeadLetterChoice {
  const code = typeof options["code"] === "string" ? options["code"] : null;
  if (jobIds.length === 0 && code === null && options["all"] !== true) throw new SaldoError("cli.wrong_usage", { form: "<job>, --code or --all" });
  return { jobIds: jobIds.length === 0 ? null : jobIds, code };
}
