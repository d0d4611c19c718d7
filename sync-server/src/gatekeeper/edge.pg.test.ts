import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backends, startRelayWith } from "../testing/backends.ts";
import { authorised, newId, registerDevice, signUpPerson, type Device } from "../testing/person.ts";
import type { TestRelay } from "../testing/relay.ts";

let relay: TestRelay;
let device: Device;

const ask = (query: string, scope = device.person.workspaceId) => fetch(`${relay.url}/v1/shapes/category?scope=${scope}&${query}`, { headers: authorised(device.person.token) });

describe.each(backends)("behind an edge that checks tokens, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend, { edgeChecksTokens: true });
    device = await registerDevice(relay.url, await signUpPerson(relay.url));
    while ((await ask("offset=-1")).status === 503);
  });
  afterAll(() => relay.dispose());

  it("answers carry the protocol's public rules, kept apart by token for every other cache", async () => {
    const first = await ask("offset=-1");
    expect(first.headers.get("cache-control")).toBe("public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746");
    expect(first.headers.get("vary")).toContain("authorization");
    const later = await ask(`offset=${first.headers.get("electric-offset")}&handle=${first.headers.get("electric-handle")}`);
    expect(later.headers.get("cache-control")).toMatch(/^public, max-age=60, stale-while-revalidate=300$/);
    const gone = await ask("offset=0_0&handle=1-1");
    expect([gone.status, gone.headers.get("cache-control")]).toEqual([409, expect.stringContaining("must-revalidate")]);
    for (const answer of [first, later, gone]) await answer.body?.cancel();
  });

  it("refusals are kept by nobody", async () => {
    const foreign = await ask("offset=-1", newId());
    expect([foreign.status, foreign.headers.get("cache-control")]).toEqual([404, "no-store"]);
    const wrong = await ask("offset=nonsense");
    expect([wrong.status, wrong.headers.get("cache-control")]).toEqual([400, "no-store"]);
  });
});
