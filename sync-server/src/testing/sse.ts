import { notifyAdvance, notifyCheck } from "@saldo/schema";
import type { z } from "zod";

/** One event of a notify stream, as read. */
export type NotifyEvent = ({ readonly event: "check" } & z.infer<typeof notifyCheck>) | ({ readonly event: "advance" } & z.infer<typeof notifyAdvance>);

/** Reads a notify stream event by event. */
export interface NotifyReader {
  /** The next event; null when the stream has ended. */
  next(): Promise<NotifyEvent | null>;
  close(): Promise<void>;
}

/** A reader of an open notify stream. */
export function readNotify(answer: Response): NotifyReader {
  if (!answer.body) throw new Error("the stream has no body");
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const event = parseFrame(text.slice(0, end));
          text = text.slice(end + 2);
          if (event) return event;
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    },
    close: () => reader.cancel(),
  };
}

function parseFrame(frame: string): NotifyEvent | undefined {
  const fields = new Map(frame.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
  const parsed: unknown = JSON.parse(fields.get("data") ?? "null");
  if (fields.get("event") === "check") return { event: "check", ...notifyCheck.parse(parsed) };
  return fields.get("event") === "advance" ? { event: "advance", ...notifyAdvance.parse(parsed) } : undefined;
}
