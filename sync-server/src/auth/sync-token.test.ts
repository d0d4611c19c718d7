import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { bearerToken, createSyncTokens, syncTokenMs, type SyncTokens } from "./sync-token.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const startMs = Date.UTC(2026, 0, 2);
const issuer = "https://saldo.test";
let nowMs = startMs;
let tokens: SyncTokens;
let good: string;

beforeAll(async () => {
  tokens = await createSyncTokens({ privateKey, issuer, nowMs: () => nowMs, nextId: () => "token-1" });
  good = (await tokens.sign("user-1")).token;
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const required = { code: "auth.required" };

async function signed(claims: Record<string, unknown>, header: Record<string, unknown> = {}, key = privateKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ ...decodeProtectedHeader(good), alg: "EdDSA", ...header }).sign(key);
}

describe("a sync token", () => {
  it("opens for its subject until it expires, give or take a minute of clocks", async () => {
    expect(await tokens.verify(good)).toEqual({ userId: "user-1", expiresAtMs: startMs + syncTokenMs });
    nowMs = startMs + syncTokenMs + 59_000;
    await expect(tokens.verify(good)).resolves.toMatchObject({ userId: "user-1" });
    nowMs = startMs + syncTokenMs + 61_000;
    await expect(tokens.verify(good)).rejects.toMatchObject(required);
    nowMs = startMs - 61_000;
    await expect(tokens.verify(good)).rejects.toMatchObject(required);
    nowMs = startMs;
  });

  it("that comes again is in time exactly when it would be the first time", async () => {
    const long = await signed({ ...decodeJwt(good), exp: startMs / 1000 + 3_600 });
    for (const token of [good, long]) {
      for (const laterMs of [-62_000, -61_000, -60_000, -1, 0, 359_000, 360_000, 361_000, 600_000, 659_000, 660_000, 661_000, 662_000]) {
        const fresh = await createSyncTokens({ privateKey, issuer, nowMs: () => nowMs, nextId: () => "token-1" });
        await fresh.verify(token);
        nowMs = startMs + laterMs;
        const again = await fresh.verify(token).then(() => true, () => false);
        const other = await createSyncTokens({ privateKey, issuer, nowMs: () => nowMs, nextId: () => "token-1" });
        expect([laterMs, again]).toEqual([laterMs, await other.verify(token).then(() => true, () => false)]);
        nowMs = startMs;
      }
    }
  });

  it.each(["iss", "aud", "sub", "iat", "exp", "jti"])("without %s is refused", async (claim) => {
    const { [claim]: _left, ...rest } = decodeJwt(good);
    await expect(tokens.verify(await signed(rest))).rejects.toMatchObject(required);
  });

  it.each([
    ["iss", "https://other.test"],
    ["aud", "saldo-files"],
    ["sub", ""],
    ["jti", ""],
    ["iat", startMs / 1000 - 3600],
    ["iat", startMs / 1000 + 3600],
    ["exp", startMs / 1000 - 3600],
  ])("with another %s is refused", async (claim, value) => {
    await expect(tokens.verify(await signed({ ...decodeJwt(good), [claim]: value }))).rejects.toMatchObject(required);
  });

  it.each([{ typ: "JWT" }, { kid: "../../etc/passwd" }, { kid: "" }, { typ: undefined }])("with header %o is refused", async (header) => {
    await expect(tokens.verify(await signed(decodeJwt(good), header))).rejects.toMatchObject(required);
  });

  it("forged in any of the known ways is refused", async () => {
    const [header = "", payload = "", signature = ""] = good.split(".");
    const publicPem = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
    const other = generateKeyPairSync("ed25519");
    const hmacHeader = base64url({ ...decodeProtectedHeader(good), alg: "HS256" });
    const forged = [
      `${base64url({ ...decodeProtectedHeader(good), alg: "none" })}.${payload}.`,
      `${hmacHeader}.${payload}.${createHmac("sha256", publicPem).update(`${hmacHeader}.${payload}`).digest("base64url")}`,
      await signed(decodeJwt(good), {}, other.privateKey),
      await signed(decodeJwt(good), { jwk: other.publicKey.export({ format: "jwk" }) }, other.privateKey),
      await signed(decodeJwt(good), { jku: "https://evil.test/keys" }, other.privateKey),
      `${header}.${base64url({ ...decodeJwt(good), sub: "user-2" })}.${signature}`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}x`,
      "",
      "a.b.c",
      `${good}${"x".repeat(3_000)}`,
    ];
    for (const token of forged) await expect(tokens.verify(token)).rejects.toMatchObject(required);
  });

  it("is taken from a bearer header and from nowhere else", () => {
    expect(bearerToken("Bearer abc.def")).toBe("abc.def");
    for (const header of [undefined, "", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc.def"]) {
      expect(() => bearerToken(header)).toThrow(expect.objectContaining(required));
    }
  });
});
