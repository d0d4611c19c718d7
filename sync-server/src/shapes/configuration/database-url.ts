const tlsModes = new Set(["disable", "allow", "prefer", "require"]);

function parsed(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "postgres:" || url.protocol === "postgresql:" ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Why a text is not a usable database address, without repeating any of it; `undefined` when it is one. */
export function databaseUrlFault(text: string): string | undefined {
  const url = parsed(text);
  if (url === undefined) return "must have the form postgresql://user:password@host:port/database";
  if (url.searchParams.has("replication")) return "must not have the option replication: connections of both kinds are opened";
  const mode = url.searchParams.get("sslmode");
  if (mode === "verify-ca" || mode === "verify-full") return "must not have this sslmode: use sslmode=require and ELECTRIC_DATABASE_CA_CERTIFICATE_FILE";
  if (mode !== null && !tlsModes.has(mode)) return "has an unknown sslmode";
  return undefined;
}

/**
 * The address as the driver is given it, with the meaning `sslmode` has in libpq: `require` encrypts without checking who answers, and
 * with a file of trusted certificates the server's name and certificate are always checked.
 */
export function driverUrl(text: string, certificateFile: string | undefined): string {
  const url = parsed(text);
  if (url === undefined) return text;
  if (certificateFile !== undefined) {
    url.searchParams.set("sslmode", "verify-full");
    url.searchParams.set("sslrootcert", certificateFile);
  }
  if (url.searchParams.has("sslmode")) url.searchParams.set("uselibpqcompat", "true");
  return url.toString();
}

/** The address as it may be printed: without password. */
export function maskedUrl(text: string): string {
  const url = parsed(text);
  if (url === undefined) return "***";
  if (url.password !== "") url.password = "***";
  for (const name of ["password", "sslpassword"]) if (url.searchParams.has(name)) url.searchParams.set(name, "***");
  return url.toString();
}
