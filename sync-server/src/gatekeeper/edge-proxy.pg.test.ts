import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startNginx, type TestNginx } from "../../../deploy/testing/nginx.ts";
import { startRelayWith } from "../testing/backends.ts";
import { authorised, newId, registerDevice, signUpPerson, someInstant, type Person } from "../testing/person.ts";
import type { TestRelay } from "../testing/relay.ts";

let relay: TestRelay;
let edge: TestNginx;
let owner: Person;
let colleague: Person;
let stranger: Person;

beforeAll(async () => {
  relay = await startRelayWith("embedded", { edgeChecksTokens: true });
  [owner, colleague, stranger] = await Promise.all([signUpPerson(relay.url), signUpPerson(relay.url), signUpPerson(relay.url)]);
  await registerDevice(relay.url, owner);
  await relay.sql("insert into member (id, workspace_id, user_id, role, created_at) values ($1, $2, $3, 'accountant', $4)", [newId(), owner.workspaceId, colleague.userId, someInstant]);
  await relay.sql("insert into category (id, workspace_id, name, kind, slot, archived, created_at) values ($1, $2, 'kept', 'income', 1, false, $3)", [newId(), owner.workspaceId, someInstant]);
  edge = await startNginx(({ port, folder }) =>
    documentedEdge().replace("/var/cache/nginx/edge", join(folder, "cache")).replaceAll("http://127.0.0.1:4040", relay.url).replace("127.0.0.1:8080", `127.0.0.1:${port}`),
  );
  while ((await fetch(`${relay.url}/v1/shapes/account?scope=${owner.workspaceId}&offset=-1`, { headers: authorised(owner.token) })).status === 503);
});
afterAll(async () => {
  await edge.stop();
  await relay.dispose();
});

/** The configuration that people are told to use is the one that is tested. */
function documentedEdge(): string {
  const text = readFileSync(join(import.meta.dirname, "../../../docs/shapes-proxy.md"), "utf8");
  const block = [...text.matchAll(/```nginx\n([^]*?)```/g)][1]?.[1];
  if (block === undefined) throw new Error("docs/shapes-proxy.md has no second nginx block");
  return block;
}

const ask = (token: string | undefined, query = "offset=-1", headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${edge.url}/v1/shapes/category?scope=${owner.workspaceId}&${query}`, { headers: { ...headers, ...(token === undefined ? {} : authorised(token)) } });

/** How often the relay was asked for the shape itself. */
const reached = () => relay.logged.filter((line) => line.includes('"route":"/v1/shapes/:name"') && line.includes('"status":200')).length;

it("keeps one answer for all who share a workspace, and gives nothing of it to anybody else", async () => {
  const before = reached();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index % 2 === 0 ? owner.token : colleague.token)));
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"kept"');
  }
  expect(reached() - before).toBe(1);
  const refused = [
    [undefined, 401],
    ["x", 401],
    [owner.sessionToken, 401],
    [stranger.token, 403],
  ] as const;
  for (const [token, status] of refused) {
    const answer = await ask(token);
    expect([answer.status, (await answer.text()).includes("kept")]).toEqual([status, false]);
  }
  for (const trick of [`sc%6Fpe=${owner.workspaceId}&scope=${stranger.workspaceId}`, `Scope=${stranger.workspaceId}&scope=${owner.workspaceId}`]) {
    const answer = await fetch(`${edge.url}/v1/shapes/category?${trick}&offset=-1`, { headers: authorised(stranger.token) });
    expect([answer.status, (await answer.text()).includes("kept")]).toEqual([403, false]);
  }
});

it("checks again what it keeps, each time: a right that is lost, a token that has run out", async () => {
  expect((await ask(colleague.token)).status).toBe(200);
  await relay.sql("delete from member where user_id = $1 and workspace_id = $2", [colleague.userId, owner.workspaceId]);
  relay.clock.offsetMs += 2_001;
  expect((await ask(colleague.token)).status).toBe(403);
  expect((await ask(owner.token)).status).toBe(200);
  relay.clock.offsetMs += 10 * 60_000;
  expect((await ask(owner.token)).status).toBe(401);
  relay.clock.offsetMs = 0;
});

it("passes event streams on, which the relay checks itself", async () => {
  const first = await ask(owner.token);
  await first.text();
  const live = `offset=0_inf&handle=${first.headers.get("electric-handle")}&live=true&live_sse=true`;
  const stream = await ask(owner.token, live, { accept: "text/event-stream" });
  expect([stream.status, stream.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  await stream.body?.cancel();
  expect((await ask(stranger.token, live, { accept: "text/event-stream" })).status).toBe(404);
});
