import { useSyncExternalStore, type ComponentProps, type MouseEvent } from "react";

/** Where the app is: the path and what narrows it. */
export interface Route {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();
let kept: { readonly href: string; readonly route: Route } | undefined;

function current(): Route {
  const { pathname, search } = window.location;
  const href = pathname + search;
  if (kept?.href !== href) kept = { href, route: { path: pathname, query: new URLSearchParams(search) } };
  return kept.route;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** The route, live. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

/** Goes to an address of this app; replacing keeps typing in a search box out of the history. */
export function navigate(to: string, mode: "push" | "replace" = "push"): void {
  if (mode === "push") window.history.pushState(null, "", to);
  else window.history.replaceState(null, "", to);
  for (const listener of listeners) listener();
  if (mode === "push") window.scrollTo(0, 0);
}

/** An address with some of its query changed; undefined takes a part out. */
export function withQuery(route: Route, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? route.path : `${route.path}?${text}`;
}

/** A link inside the app: plain clicks stay on the page, others behave as links do. */
export function Link({ href = "/", onClick, ...rest }: ComponentProps<"a">) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
