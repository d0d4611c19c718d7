import { inspectStore } from "@saldo/client-core/sync";
import type { Core } from "./core.ts";
import type { HandlersOf } from "./part.ts";

/** What this device keeps and how far sync has come. */
export function inspectorHandlers(core: Core): HandlersOf<"inspector"> {
  return {
    async "inspector.read"() {
      const { shapes, failures, rejections, tables, checksums, ...rest } = await inspectStore(core.opened().books.database);
      return { ...rest, shapes: [...shapes], failures: [...failures], rejections: [...rejections], tables: [...tables], checksums: { ...checksums, shapes: [...checksums.shapes] } };
    },
    async "inspector.verify"() {
      const { same, different, unknown } = await core.opened().sync.verify();
      return { same: same.length, different: [...different], unknown: unknown.length };
    },
  };
}
