import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const secretsFile = z.object({
  /** Signs session cookies. */
  authSecret: z.string().min(32),
  /** Signs sync tokens: Ed25519, PKCS #8 PEM. */
  tokenPrivateKey: z.string().startsWith("-----BEGIN PRIVATE KEY-----"),
});

/** What this installation signs with. */
export type Secrets = z.infer<typeof secretsFile>;

/** Reads the installation's secrets from `secrets.json` (mode 0600), making them on the first start. Throws when the file is damaged. */
export function loadSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  if (existsSync(file)) return secretsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  const { privateKey } = generateKeyPairSync("ed25519");
  const secrets = {
    authSecret: randomBytes(32).toString("base64url"),
    tokenPrivateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  writeFileSync(`${file}.draft`, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.draft`, file);
  return secrets;
}
