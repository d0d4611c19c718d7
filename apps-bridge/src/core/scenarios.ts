import { readScenarios } from "@saldo/client-core/forecast";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Changes to try on the forecast, kept under names. */
export function scenarioHandlers(core: Core): HandlersOf<"scenarios"> {
  return {
    "scenarios.watch": (_params, context) =>
      Promise.resolve(
        watchBooks(
          core,
          ["scenario"],
          async ({ reader, workspaceId }) => ({ scenarios: (await readScenarios(reader, workspaceId)).map(({ changes, ...scenario }) => ({ ...scenario, changes: [...changes] })) }),
          context,
        ),
      ),
    async "scenarios.add"(scenario) {
      const { books } = core.opened();
      const id = books.ids.next();
      return { id, undoId: await books.history.record([{ name: "scenario.create", args: { ...scenario, id, createdAt: books.nowInstant() } }]) };
    },
    async "scenarios.change"({ id, ...change }) {
      return { undoId: await core.opened().books.history.record([{ name: "scenario.update", args: { ...change, scenarioId: id } }]) };
    },
    async "scenarios.remove"({ id }) {
      return { undoId: await core.opened().books.history.record([{ name: "scenario.remove", args: { scenarioId: id } }]) };
    },
  };
}
