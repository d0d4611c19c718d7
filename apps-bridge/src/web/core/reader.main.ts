import { serveReading } from "@saldo/client-core/books";

const hear = serveReading((message, transfer) => postMessage(message, { transfer: [...transfer] }));
addEventListener("message", ({ data }) => hear(data));
postMessage("ready");
