/**
 * The path as routes are matched: each segment decoded once, repeated and trailing slashes left out; `undefined` when it cannot be
 * decoded. Authorisation follows the route found so, never the path as written.
 */
export function normalisePath(pathname: string): string | undefined {
  try {
    const segments = pathname.split("/").filter((segment) => segment !== "");
    return `/${segments.map((segment) => encodeSlashes(decodeURIComponent(segment))).join("/")}`;
  } catch {
    return undefined;
  }
}

/** A slash that was written `%2F` is part of its segment. */
function encodeSlashes(segment: string): string {
  return segment.replaceAll("/", "%2F");
}
