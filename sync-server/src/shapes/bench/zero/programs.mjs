// Runs beside an installed @rocicorp/zero, under its Node: the query endpoint zero-cache asks, and clients. Copied into the folder of the
// installation, where the package resolves. Speaks the same messages with the bench as the parts of part.ts.
import { once } from "node:events";
import { createServer } from "node:http";
import { createBuilder, createSchema, defineQueries, defineQuery, mustGetQuery, number, string, table, Zero } from "@rocicorp/zero";
import { handleQueryRequest } from "@rocicorp/zero/server";

const [name] = process.argv.slice(2);
const tell = (told) => process.send(told);
const machineMs = () => Number(process.hrtime.bigint()) / 1e6;
process.once("disconnect", () => process.exit(0));

function describe(tableName) {
  const rows = table(tableName)
    .columns({
      id: string(),
      workspace_id: string(),
      account_id: string(),
      posted_on: number(),
      amount_minor: number(),
      currency: string(),
      description: string(),
      counterparty: string(),
      created_at: string(),
    })
    .primaryKey("id");
  const schema = createSchema({ tables: [rows], enableLegacyQueries: false, enableLegacyMutators: false });
  const builder = createBuilder(schema);
  return { schema, queries: defineQueries({ all: defineQuery(() => builder[tableName]) }) };
}

function open({ cacheUrl, tableName, number: client }) {
  const { schema, queries } = describe(tableName);
  const zero = new Zero({ cacheURL: cacheUrl, storageKey: `client${client}`, schema, queries, kvStore: "mem", logLevel: "error" });
  const view = zero.materialize(queries.all(), { ttl: "none" });
  const until = (done) =>
    new Promise((resolve) => {
      view.addListener((data, resultType) => {
        if (done(data, resultType)) resolve();
      });
    });
  return { until };
}

const parts = {
  async queryEndpoint({ tableName, port }, ready) {
    const { schema, queries } = describe(tableName);
    const answer = async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      const told = await handleQueryRequest({
        handler: (query, args) => mustGetQuery(queries, query).fn({ args, ctx: {} }),
        schema,
        userID: null,
        query: new URL(request.url, "http://localhost").searchParams,
        body: JSON.parse(body),
      });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(told));
    };
    const server = createServer((request, response) => void answer(request, response));
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    await ready();
    await new Promise(() => undefined);
  },
  async loadShape({ cacheUrl, tableName, clients, rows, stay }, ready) {
    await ready();
    const startedMs = machineMs();
    const all = Array.from({ length: clients }, (_, client) => open({ cacheUrl, tableName, number: client }));
    await Promise.all(all.map(({ until }) => until((data, resultType) => resultType === "complete" && data.length >= rows)));
    const tookMs = machineMs() - startedMs;
    if (!stay) setTimeout(() => process.exit(0), 1_000);
    return { tookMs };
  },
  async followRows({ cacheUrl, tableName, rows }, ready) {
    const latenciesMs = [];
    const seen = new Set();
    const { until } = open({ cacheUrl, tableName, number: 0 });
    let following = false;
    let complete;
    const completed = new Promise((resolve) => (complete = resolve));
    const done = until((data, resultType) => {
      for (const { id, created_at: sent } of data) {
        if (seen.has(id)) continue;
        seen.add(id);
        if (following && Number(sent) > 0) latenciesMs.push(machineMs() - Number(sent));
      }
      if (resultType === "complete") complete();
      return latenciesMs.length >= rows;
    });
    await completed;
    following = true;
    await ready();
    await done;
    return { latenciesMs };
  },
};

const [{ args }] = await once(process, "message");
try {
  const answer = await parts[name](args, async () => {
    tell({ ready: true });
    await once(process, "message");
  });
  tell({ answer });
} catch (error) {
  tell({ failure: String(error?.stack ?? error) });
}
