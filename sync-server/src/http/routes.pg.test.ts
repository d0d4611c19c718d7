import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeUpload } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorised, frozen, newId, registerDevice, signUpPerson, someInstant, type Device } from "../testing/person.ts";
import { sendRaw, spellings } from "../testing/raw-request.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import type { Route } from "./route.ts";

let webDir: string;
let relay: TestRelay;
let mine: Device;
let theirs: Device;

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "saldo-web-test-"));
  await mkdir(join(webDir, "assets"));
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>Saldo</title>");
  await writeFile(join(webDir, "sw.js"), "self");
  await writeFile(join(webDir, "assets", "app-1a2b.js"), "export {}");
  await writeFile(join(webDir, ".secret"), "never");
  relay = await startTestRelay({ webDir, trustedOrigins: ["https://app.saldo.test"] });
  mine = await registerDevice(relay.url, await signUpPerson(relay.url));
  theirs = await registerDevice(relay.url, await signUpPerson(relay.url));
});
afterAll(async () => {
  await relay.dispose();
  await rm(webDir, { recursive: true, force: true });
});

const rawAnswer = (method: string, target: string, headers: readonly string[] = []) => sendRaw(relay.url, method, target, headers);

async function rawStatus(method: string, target: string, headers: readonly string[] = []): Promise<number> {
  return Number((await rawAnswer(method, target, headers)).split(" ")[1]);
}

const addressOf = (route: Route) => route.path.replace(":name", "category").replace(":id", "some-client");
const guarded = () => relay.routes.filter((route) => route.access !== "public");

describe("every route", () => {
  it("that is open to all is meant to be", () => {
    const open = relay.routes.filter((route) => route.access === "public").map((route) => `${route.method} ${route.path}`);
    expect(open).toEqual(["GET /health", "POST /v1/sign-up", "POST /v1/sign-in"]);
  });

  it("else answers 401 without a token, whatever is given in its place", async () => {
    const withheld = [[], ["Authorization: Bearer x"], ["Authorization: Basic eDp4"], ["Cookie: saldo.session_token=x.y"], [`Authorization: Bearer ${mine.person.sessionToken}x`]];
    for (const route of guarded()) {
      for (const headers of withheld) expect([route.path, await rawStatus(route.method, addressOf(route), headers)]).toEqual([route.path, 401]);
    }
  });

  it("keeps sessions and sync tokens apart", async () => {
    for (const route of guarded()) {
      const other = route.access === "token" ? mine.person.sessionToken : mine.person.token;
      expect([route.path, await rawStatus(route.method, addressOf(route), [`Authorization: Bearer ${other}`])]).toEqual([route.path, 401]);
    }
  });

  it("is not reached around by any spelling of its path", async () => {
    for (const route of guarded()) {
      for (const target of spellings(addressOf(route))) {
        for (const method of [route.method, route.method === "GET" ? "HEAD" : route.method]) {
          const answer = await rawAnswer(method, target);
          // What is no route at all may be a page of the web app, which is the same for everyone.
          expect([method, target, answer]).toEqual([method, target, expect.stringMatching(/^HTTP\/1\.1 (?:4(?:00|01|04) |200 OK\r\n[^]*content-type: text\/html)/i)]);
        }
      }
    }
  });

  it("tells a foreign id from a missing one in nothing", async () => {
    const body = (clientId: string, workspaceId: string) =>
      encodeUpload({ clientId, workspaceId, mutations: [frozen(1, "category.create", { id: "x", name: "x", kind: "income", createdAt: someInstant })] });
    const ask = (method: string, path: string, sent?: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${relay.url}${path}`, { method, headers: authorised(mine.person.token), ...(sent === undefined ? {} : { body: sent }) });
    // One line for every route that takes a token: how to ask for what is under these ids.
    const matrix: Record<string, (ids: { readonly workspaceId: string; readonly clientId: string }) => Promise<Response>> = {
      "PUT /v1/clients/:id": ({ workspaceId }) => ask("PUT", `/v1/clients/${newId()}`, JSON.stringify({ workspaceId })),
      "POST /v1/mutations": ({ workspaceId, clientId }) => ask("POST", "/v1/mutations", body(clientId, workspaceId)),
      "GET /v1/shapes/:name": ({ workspaceId }) => ask("GET", `/v1/shapes/transaction?scope=${workspaceId}&offset=-1`),
      "GET /v1/sums": ({ workspaceId, clientId }) => ask("GET", `/v1/sums?workspace=${workspaceId}&client=${clientId}&shapes=transaction`),
      "GET /v1/shapes/:name/right": ({ workspaceId }) => ask("GET", `/v1/shapes/transaction/right?scope=${workspaceId}`),
      "GET /v1/notify": ({ workspaceId, clientId }) => ask("GET", `/v1/notify?workspace=${workspaceId}&client=${clientId}`),
    };
    const withToken = relay.routes.filter((route) => route.access === "token").map((route) => `${route.method} ${route.path}`);
    expect(Object.keys(matrix).toSorted()).toEqual(withToken.toSorted());
    for (const [route, request] of Object.entries(matrix)) {
      const foreign = await request({ workspaceId: theirs.person.workspaceId, clientId: theirs.clientId });
      const missing = await request({ workspaceId: newId(), clientId: newId() });
      // An edge knows no other refusal than 403.
      expect([route, foreign.status, await foreign.text()]).toEqual([route, route.endsWith("/right") ? 403 : 404, await missing.text()]);
    }
  });

  it("answers with a catalogue code, a request id and headers that keep browsers strict", async () => {
    const answer = await fetch(`${relay.url}/v1/mutations`, { method: "POST" });
    expect(await answer.json()).toMatchObject({ code: "auth.required" });
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.has("x-powered-by")).toBe(false);
  });

  it("asks a device of another schema version to update", async () => {
    const answer = await fetch(`${relay.url}/v1/shapes/category?scope=x&offset=-1`, { headers: { ...authorised(mine.person.token), "saldo-schema-version": "99" } });
    expect(answer.status).toBe(426);
  });
});

describe("other origins", () => {
  it.each(["https://app.saldo.test.evil.test", "http://app.saldo.test", "https://app.saldo.test:8443", "https://saldo.test", "null", "*"])("like %s are not let in", async (origin) => {
    const answer = await fetch(`${relay.url}/v1/token`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("that are listed are, with what the shape protocol needs", async () => {
    const origin = "https://app.saldo.test";
    const preflight = await fetch(`${relay.url}/v1/shapes/category`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "GET" } });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    const answer = await fetch(`${relay.url}/v1/shapes/category?scope=${mine.person.workspaceId}&offset=-1`, { headers: { origin, ...authorised(mine.person.token) } });
    expect(answer.headers.get("access-control-expose-headers")).toContain("electric-handle");
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
  });
});

describe("the web app", () => {
  it.each([
    ["/", "text/html", "no-cache"],
    ["/dashboard", "text/html", "no-cache"],
    ["/index.html", "text/html", "no-cache"],
    ["/sw.js", "text/javascript", "no-cache"],
    ["/assets/app-1a2b.js", "text/javascript", "public, max-age=31536000, immutable"],
  ])("%s comes as %s, %s", async (path, type, cacheControl) => {
    const answer = await fetch(`${relay.url}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain(type);
    expect(answer.headers.get("cache-control")).toBe(cacheControl);
    expect(answer.headers.get("content-security-policy")).toMatch(/script-src 'self' 'wasm-unsafe-eval'/);
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe-inline");
  });

  it.each(["/v1/nothing", "/api/nothing", "/v1", "/assets/missing.js", "/.secret", "/assets/../.secret", "/assets/%2e%2e/.secret", "/%2esecret", "/..%2f..%2fetc/passwd"])(
    "%s is nothing",
    async (path) => {
      expect(await rawStatus("GET", path)).toBe(404);
    },
  );
});
