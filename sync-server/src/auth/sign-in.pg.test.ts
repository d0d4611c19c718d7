import { randomUUID } from "node:crypto";
import { tokenAnswer } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshAddress, postJson, signUpPerson, type Person } from "../testing/person.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";

let relay: TestRelay;
let person: Person;

beforeAll(async () => {
  relay = await startTestRelay();
  person = await signUpPerson(relay.url);
});
afterAll(() => relay.dispose());

const newcomer = () => ({ email: `${randomUUID()}@example.test`, password: "0123456789", companyName: "Acme", currency: "EUR", locale: "en" });
const told = async (answer: Response) => `${answer.status} ${await answer.text()}`;

describe("signing up", () => {
  it("makes a person, a workspace and an owner", async () => {
    const request = newcomer();
    const answer = await postJson(`${relay.url}/v1/sign-up`, request);
    expect(answer.status).toBe(200);
    expect(
      await relay.sql(
        `select w.name, w.currency, w.locale, w.plan, m.role from auth."user" u join member m on m.user_id = u.id join workspace w on w.id = m.workspace_id where u.email = $1`,
        [request.email],
      ),
    ).toEqual([{ name: "Acme", currency: "EUR", locale: "en", plan: "trial", role: "owner" }]);
  });

  it.each([
    [422, "auth.invalid_input", { password: "012345678" }],
    [422, "auth.invalid_input", { password: "x".repeat(129) }],
    [422, "auth.invalid_input", { email: "nobody" }],
    [400, "relay.invalid_request", { currency: "rubles" }],
    [400, "relay.invalid_request", { companyName: "  " }],
    [400, "relay.invalid_request", { role: "admin" }],
  ])("answers %s %s and writes nothing", async (status, code, change) => {
    const request = { ...newcomer(), ...change };
    const answer = await postJson(`${relay.url}/v1/sign-up`, request);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
    expect(await relay.sql(`select 1 from auth."user" where email = $1`, [request.email])).toEqual([]);
  });

  it("refuses a taken email, also in a race and in other letters, leaving one workspace", async () => {
    const request = newcomer();
    const answers = await Promise.all([1, 2, 3].map(() => postJson(`${relay.url}/v1/sign-up`, request)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 422)).toHaveLength(2);
    const again = await postJson(`${relay.url}/v1/sign-up`, { ...request, email: request.email.toUpperCase() });
    expect(await again.json()).toMatchObject({ code: "auth.email_taken" });
    const rows = await relay.sql(`select count(*)::int as count from member m join auth."user" u on u.id = m.user_id where u.email = $1`, [request.email]);
    expect(rows).toEqual([{ count: 1 }]);
  });

  it("leaves no person when the workspace cannot be made", async () => {
    await relay.sql("alter table workspace add constraint planted check (name <> 'Planted')");
    const request = { ...newcomer(), companyName: "Planted" };
    const answer = await postJson(`${relay.url}/v1/sign-up`, request);
    await relay.sql("alter table workspace drop constraint planted");
    expect(answer.status).toBe(500);
    expect(await relay.sql(`select 1 from auth."user" where email = $1`, [request.email])).toEqual([]);
  });
});

describe("signing in", () => {
  it("answers a wrong password and an unknown email the same", async () => {
    const wrong = await told(await postJson(`${relay.url}/v1/sign-in`, { email: person.email, password: "not the password" }));
    const unknown = await told(await postJson(`${relay.url}/v1/sign-in`, { email: `${randomUUID()}@example.test`, password: "not the password" }));
    const malformed = await told(await postJson(`${relay.url}/v1/sign-in`, { email: "nobody", password: "not the password" }));
    expect(wrong).toMatch(/^401 .*auth\.wrong_credentials/);
    expect([unknown, malformed]).toEqual([wrong, wrong]);
  });

  it("gives a browser a cookie and no token in the body, and the session id is new each time", async () => {
    const signIn = () => postJson(`${relay.url}/v1/sign-in`, { email: person.email, password: person.password }, { "saldo-session": "cookie" });
    const [first, second] = [await signIn(), await signIn()];
    const cookie = first.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^saldo\.session_token=.*HttpOnly.*SameSite=Lax/);
    expect(second.headers.getSetCookie()[0]).not.toBe(cookie);
    expect(Object.keys(await first.json())).toEqual(["user"]);
    const token = await fetch(`${relay.url}/v1/token`, { method: "POST", headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(tokenAnswer.parse(await token.json()).workspaces).toMatchObject([{ id: person.workspaceId, name: "Ромашка", role: "owner" }]);
  });

  it("is limited per account, wherever the attempts come from, and opens again after the window", async () => {
    const victim = await signUpPerson(relay.url);
    const attempt = (password: string) => postJson(`${relay.url}/v1/sign-in`, { email: victim.email, password });
    const statuses: number[] = [];
    for (let time = 0; time < 15; time++) statuses.push((await attempt(`wrong password ${time}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), ...Array.from({ length: 5 }, () => 429)]);
    const locked = await attempt(victim.password);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(0);
    relay.clock.offsetMs += 10 * 60_000 + 1;
    expect((await attempt(victim.password)).status).toBe(200);
    relay.clock.offsetMs = 0;
  });

  it("is limited per address, whatever the account", async () => {
    const address = { "x-forwarded-for": freshAddress() };
    const statuses: number[] = [];
    for (let time = 0; time < 52; time++) {
      statuses.push((await postJson(`${relay.url}/v1/sign-in`, { email: `${randomUUID()}@example.test`, password: "wrong password" }, address)).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });
});

describe("signing out", () => {
  it("ends the session at once", async () => {
    const { sessionToken } = await signUpPerson(relay.url);
    const headers = { authorization: `Bearer ${sessionToken}` };
    expect((await fetch(`${relay.url}/v1/sign-out`, { method: "POST", headers })).status).toBe(204);
    expect((await fetch(`${relay.url}/v1/token`, { method: "POST", headers })).status).toBe(401);
  });
});

describe("origins", () => {
  it.each(["https://evil.test", "http://localhost:4041", "https://localhost:4040", "null", "http://localhost:4040.evil.test"])("refuses a change from %s", async (origin) => {
    const answer = await postJson(`${relay.url}/v1/sign-in`, { email: person.email, password: person.password }, { origin });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: "auth.origin_refused" }]);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("takes one from the public address and from its own host", async () => {
    for (const origin of ["http://localhost:4040", relay.url]) {
      expect((await postJson(`${relay.url}/v1/sign-in`, { email: person.email, password: person.password }, { origin })).status).toBe(200);
    }
  });
});

it("nothing logged holds a password, an email or a token", () => {
  const log = relay.logged.join("");
  expect(log).toContain('"route":"/v1/sign-in"');
  for (const secret of [person.email, person.password, person.sessionToken, person.token, "wrong password"]) expect(log).not.toContain(secret);
});
