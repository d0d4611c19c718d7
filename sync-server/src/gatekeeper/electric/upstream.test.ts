import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixShape, registeredShape } from "../registry.ts";
import { upstreamRequest, upstreamUrl } from "./upstream.ts";

const declared = registeredShape("category");
const fixed = () => {
  if (declared === undefined) throw new Error("there is no shape category");
  return fixShape(declared, "workspace-1");
};
const behind = { url: "http://electric.test:3000", secret: "hush" };

describe("the address of the service behind", () => {
  it.each(["http://e.test", "http://e.test/", "http://e.test/v1/shape", "http://e.test/v1/shape/"])("%s may or may not name the path", (url) => {
    expect(upstreamUrl({ url, secret: null }, "/v1/shape").href).toBe("http://e.test/v1/shape");
    expect(upstreamUrl({ url, secret: null }, "/v1/health").href).toBe("http://e.test/v1/health");
  });

  it("keeps a path it is mounted at and what the operator wrote into it", () => {
    expect(upstreamUrl({ url: "https://e.test/base/v1/shape?source_id=s", secret: null }, "/v1/shape").href).toBe("https://e.test/base/v1/shape?source_id=s");
  });
});

describe("a forwarded request", () => {
  it("has the shape from us, the protocol from the device, and the secret", () => {
    const asked = new Request("http://relay.test/v1/shape?offset=0_0&handle=h&live=true&live_sse=true&cursor=5", { headers: { accept: "text/event-stream", "if-none-match": '"x"' } });
    const { url, headers, method } = upstreamRequest(behind, asked, fixed());
    const params = Object.fromEntries(new URL(url).searchParams);
    expect(method).toBe("GET");
    expect(params).toEqual({
      offset: "0_0",
      handle: "h",
      live: "true",
      live_sse: "true",
      cursor: "5",
      table: '"category"',
      where: '"workspace_id" = $1',
      "params[1]": "workspace-1",
      columns: expect.stringMatching(/^"id","workspace_id"/),
      secret: "hush",
    });
    expect([headers.get("accept"), headers.get("if-none-match")]).toEqual(["text/event-stream", '"x"']);
  });

  it("carries nothing else of what a device sends, whatever it sends", () => {
    const names = fc.oneof(fc.constantFrom("table", "where", "columns", "params[1]", "params[2]", "params", "replica", "log", "secret", "api_secret", "subset__where", "queryable_columns", "offset", "handle"), fc.string());
    const values = fc.oneof(fc.constantFrom("1; drop table category", "' or 1=1 --", "auth.user", "pg_sleep(10)", "true"), fc.string({ unit: "grapheme" }));
    const known = new URL(upstreamRequest(behind, new Request("http://relay.test/v1/shape"), fixed()).url).searchParams;
    const passed = ["offset", "handle", "live", "live_sse", "experimental_live_sse", "cursor", "expired_handle", "cache-buster"];
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { maxLength: 8 }), (given) => {
        const asked = new URL("http://relay.test/v1/shape");
        for (const [name, value] of given) asked.searchParams.append(name, value);
        const request = new Request(asked, { headers: { authorization: "Bearer t", cookie: "c=1", "x-forwarded-for": "1.1.1.1" } });
        const forwarded = upstreamRequest(behind, request, fixed());
        const url = new URL(forwarded.url);
        expect([url.origin, url.pathname]).toEqual(["http://electric.test:3000", "/v1/shape"]);
        for (const [name, value] of url.searchParams) if (!passed.includes(name)) expect([name, value]).toEqual([name, known.get(name)]);
        expect([...forwarded.headers.keys()]).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
