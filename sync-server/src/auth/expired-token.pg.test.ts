import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import { authorised, fetchToken, frozen, newId, registerDevice, signUpPerson, someInstant, upload } from "../testing/person.ts";

/** Longer than a sync token lives with the minute clocks may differ by. */
const pastTokenLifeMs = 10 * 60_000;

let relay: TestRelay;

beforeAll(async () => {
  relay = await startTestRelay();
});

afterAll(async () => {
  await relay?.dispose();
});

it("refuses an expired token on every way in, writes nothing, and takes the same change with a fresh one", async () => {
  const person = await signUpPerson(relay.url);
  const device = await registerDevice(relay.url, person);
  const categoryId = newId();
  const change = [frozen(1, "category.create", { id: categoryId, name: "Аренда", kind: "expense", createdAt: someInstant })];
  relay.clock.offsetMs = pastTokenLifeMs;
  const scope = person.workspaceId;
  const answers = [
    await upload(device, change),
    await fetch(`${relay.url}/v1/shapes/category?scope=${scope}&offset=-1`, { headers: authorised(person.token) }),
    await fetch(`${relay.url}/v1/notify?workspace=${scope}&client=${device.clientId}`, { headers: authorised(person.token) }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "auth.required" });
  }
  const written = () => relay.sql("select (select count(*)::int from category where id = $1) as rows, (select last_seq::int from client where id = $2) as seq", [categoryId, device.clientId]);
  expect(await written()).toEqual([{ rows: 0, seq: 0 }]);
  const { token } = await fetchToken(relay.url, person.sessionToken);
  expect((await upload({ ...device, person: { ...person, token } }, change)).status).toBe(200);
  expect(await written()).toEqual([{ rows: 1, seq: 1 }]);
});
