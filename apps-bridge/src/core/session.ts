import type { Core } from "./core.ts";
import type { HandlersOf } from "./part.ts";

/** Signing up, in and out. */
export function sessionHandlers(core: Core): HandlersOf<"session"> {
  return {
    "session.status": () => Promise.resolve(core.session()),
    "session.signUp": (request) => core.signUp(request),
    "session.signIn": (request) => core.signIn(request),
    async "session.signOut"({ discardUnsent }) {
      await core.signOut(discardUnsent);
      return null;
    },
    "session.watch": (_params, { next }) => {
      next(core.session());
      return Promise.resolve(core.onSession(next));
    },
  };
}
