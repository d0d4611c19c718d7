import type { ForecastView } from "../bridge/contract/forecast.ts";
import type { WatchContext } from "../bridge/server.ts";
import { newestJob } from "./cloud-jobs.ts";
import type { Core } from "./core.ts";
import { forecastMaker, latestForecast, readForecastSources, type ForecastMaker, type ForecastSources } from "./latest-forecast.ts";
import { watchBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";
import { pastForecast, readPastSources } from "./past-forecast.ts";

const tables = ["transaction", "import", "category", "workspace", "account", "planned_item", "report_result", "job"];

/** Forecasts: the newest of the cloud's while nothing it starts from changed since, else the device's own, computed series by series in the core's own thread. */
export function forecastHandlers(core: Core): HandlersOf<"forecast"> {
  const make = forecastMaker();
  const makePast = forecastMaker();
  return {
    "forecast.watch": ({ horizonMonths }, context) => {
      const show = presenter(make, context);
      const read = async (view: BooksView) => ({
        sources: await readForecastSources(view.reader, { ...view, ...(horizonMonths === undefined ? {} : { horizonMonths }) }),
        request: await openRequest(view),
        now: view.now,
      });
      const stop = watchBooks(core, tables, read, { next: (found) => void show.next(found), fail: context.fail });
      return Promise.resolve(() => {
        stop();
        show.stop();
      });
    },
    async "forecast.past"({ asOfMonth }) {
      const { books } = core.opened();
      const { workspaceId } = await books.recordContext();
      return pastForecast(await books.database.snapshot((reader) => readPastSources(reader, { workspaceId, today: books.today() })), asOfMonth, makePast);
    },
    async "forecast.request"({ horizonMonths }) {
      const { books } = core.opened();
      const jobId = books.ids.next();
      await books.record("job.request", { jobId, kind: "generate_forecast", parameters: { horizonMonths }, requestedAt: books.nowInstant() });
      return { jobId };
    },
  };
}

interface Found {
  readonly sources: ForecastSources;
  readonly request: ForecastView["request"];
  readonly now: string;
}

/** Turns what is read into what is shown: the forecast before with how far the new one is, then the new one. What is out of date is not finished. */
function presenter(make: ForecastMaker, { next, fail }: Pick<WatchContext<ForecastView>, "next" | "fail">) {
  let running = new AbortController();
  let latest: ForecastView["latest"] = null;
  return {
    async next({ sources, request, now }: Found): Promise<void> {
      running.abort();
      running = new AbortController();
      const { signal } = running;
      try {
        const onProgress = (computing: ForecastView["computing"]) => signal.aborted || next({ latest, request, computing });
        const found = await latestForecast(sources, now, make, { signal, onProgress });
        if (signal.aborted) return;
        latest = found;
        next({ latest, request, computing: null });
      } catch (error) {
        if (!signal.aborted) fail(error);
      }
    },
    stop: () => running.abort(),
  };
}

async function openRequest(view: BooksView): Promise<ForecastView["request"]> {
  const job = await newestJob(view, "generate_forecast");
  return job === null || job.state === "done" || job.state === "cancelled" ? null : job;
}
