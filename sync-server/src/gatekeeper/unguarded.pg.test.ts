import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import { backends, startRelayWith } from "../testing/backends.ts";
import { signUpPerson, type Person } from "../testing/person.ts";
import { sendRaw, spellings } from "../testing/raw-request.ts";
import type { TestRelay } from "../testing/relay.ts";
import { startUpstream } from "../testing/upstream.ts";

const query = "table=auth.user&offset=-1&where=true";
const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"];

let relay: TestRelay;
let person: Person;

it("is guarded by its secret at every spelling of its path when it runs alone", async () => {
  const database = await createTestDatabase();
  const alone = await startUpstream(database.url, database.name);
  try {
    const known = "table=pg_catalog.pg_class&offset=-1";
    for (const target of ["/v1/shape", ...spellings("/v1/shape")].map((each) => `${each}${each.includes("?") ? "&" : "?"}${known}`)) {
      const asked = ["", "&secret=", "&secret=x", "&api_secret=x", `&secret=x&secret=${encodeURIComponent(alone.secret)}`].flatMap((given) =>
        ["GET", "HEAD", "POST", "DELETE"].map((method) => ({ method, address: target + given })),
      );
      await Promise.all(
        asked.map(async ({ method, address }) => {
          expect([method, address, await sendRaw(alone.url, method, address)]).toEqual([method, address, expect.stringMatching(/^HTTP\/1\.1 4(?:00|01|04) /)]);
        }),
      );
    }
    expect(await sendRaw(alone.url, "GET", `/v1/shape?${known}&secret=${encodeURIComponent(alone.secret)}`)).not.toMatch(/^HTTP\/1\.1 401 /);
  } finally {
    await alone.close();
    await database.drop();
  }
});

describe.each(backends)("the bare shape service, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend);
    person = await signUpPerson(relay.url);
  });
  afterAll(() => relay.dispose());

  it("is no route of the relay, by any spelling or method, with a token or without", async () => {
    expect(relay.routes.map(({ path }) => path).filter((path) => path.includes("shape"))).toEqual(["/v1/shapes/:name", "/v1/shapes/:name/right"]);
    const paths = ["/v1/shape", "/v1/shapes", "/v1/shapes/shape", "/shape"];
    const targets = paths.flatMap((path) => [path, ...spellings(path)]).map((target) => `${target}${target.includes("?") ? "&" : "?"}${query}`);
    for (const target of targets) {
      const asked = methods.flatMap((method) => [[], [`Authorization: Bearer ${person.token}`]].map((headers) => ({ method, headers })));
      await Promise.all(
        asked.map(async ({ method, headers }) => {
          const answer = await sendRaw(relay.url, method, target, headers);
          expect([method, target, answer]).toEqual([method, target, expect.stringMatching(/^HTTP\/1\.1 (?:204 |4(?:00|01|04|05) )/)]);
          for (const sign of ["\nelectric-", "must-refetch", person.email]) expect(answer.toLowerCase()).not.toContain(sign);
        }),
      );
    }
  });

  it("does not come with a registered shape asked for in other ways", async () => {
    for (const method of methods.filter((name) => !["GET", "HEAD", "OPTIONS"].includes(name))) {
      for (const headers of [[], [`Authorization: Bearer ${person.token}`]]) {
        const answer = await sendRaw(relay.url, method, `/v1/shapes/category?scope=${person.workspaceId}&offset=-1`, headers);
        expect([method, answer]).toEqual([method, expect.stringMatching(/^HTTP\/1\.1 404 /)]);
      }
    }
    for (const method of ["GET", "HEAD"]) {
      for (const target of spellings("/v1/shapes/category")) {
        const asked = `${target}${target.includes("?") ? "&" : "?"}scope=${person.workspaceId}&offset=-1`;
        expect([target, await sendRaw(relay.url, method, asked)]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 4(?:00|01|04) /)]);
      }
    }
  });
});
