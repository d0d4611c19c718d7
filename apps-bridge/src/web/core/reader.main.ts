import { serveReading } from "@saldo/client-core/books";
import { browserFile } from "./browser-file.ts";

const hear = serveReading(browserFile, (message, transfer) => postMessage(message, { transfer: [...transfer] }));
addEventListener("message", ({ data }) => hear(data));
postMessage("ready");
