import { expect, it } from "vitest";
import { openSocket } from "../testing/raw-http.ts";
import { drain } from "./drain.ts";
import { listen } from "./listen.ts";

const hourMs = 3_600_000;

/** A server whose answers come when told. */
async function slowServer() {
  const waiting: (() => void)[] = [];
  const answer = () => new Promise<Response>((resolve) => waiting.push(() => resolve(new Response("whole"))));
  const { server, port } = await listen(answer, { port: 0, hostname: "127.0.0.1", waitMsMax: 1_000 });
  const ask = () => fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
  const asked = (count: number) => expect.poll(() => waiting.length).toBe(count);
  return { server, port, ask, asked, answerAll: () => waiting.splice(0).forEach((one) => one()) };
}

it("ends with the answers that are waited for, though their connections were to be kept", async () => {
  const { server, ask, asked, answerAll } = await slowServer();
  const answers = Promise.all([ask(), ask(), ask()]);
  await asked(3);
  const draining = drain(server);
  answerAll();
  expect(await answers).toEqual(["whole", "whole", "whole"]);
  await draining.ended(hourMs);
});

it("tells a client that goes on asking to close its connection", async () => {
  const { server, port, asked, answerAll } = await slowServer();
  const socket = await openSocket(`http://127.0.0.1:${port}/`);
  let told = "";
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("data", (bytes) => (told += String(bytes)));
  const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  socket.write(request);
  await asked(1);
  const draining = drain(server);
  socket.write(request);
  await asked(2);
  answerAll();
  await closed;
  expect(told.toLowerCase().match(/connection: [a-z-]+/g)).toEqual(["connection: keep-alive", "connection: close"]);
  await draining.ended(hourMs);
});

it("cuts off who reads for too long", async () => {
  const { server, ask, asked } = await slowServer();
  const answer = ask().catch(() => "cut");
  await asked(1);
  await drain(server).ended(1);
  expect(await answer).toBe("cut");
});
