import { createPublicKey, type KeyObject } from "node:crypto";
import { SaldoError } from "@saldo/schema";
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from "jose";
import type { TokenSubject } from "../http/route.ts";

/** How long a sync token works. */
export const syncTokenMs = 5 * 60_000;
/** How far two clocks may differ, in seconds. */
export const clockSkewSecondsMax = 60;
const tokenAgeSecondsMax = 600;
const tokenCharsMax = 2_048;
/** Most tokens whose signature is remembered as checked. */
const checkedMax = 10_000;
const algorithm = "EdDSA";
const audience = "saldo-sync";
const tokenType = "saldo-sync+jwt";

/** Makes and checks the short-lived tokens that open shapes, uploads and the notify stream. */
export interface SyncTokens {
  sign(userId: string): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** Throws `SaldoError` `auth.required` for anything that is not a live token of ours; why is never told. */
  verify(token: string): Promise<TokenSubject>;
}

/** What a token said whose signature and claims were found right. */
interface Checked {
  readonly subject: TokenSubject;
  readonly issuedSeconds: number;
}

/** The same bounds as the first check's, for a token that comes again. */
function isInTime({ subject, issuedSeconds }: Checked, nowMs: number): boolean {
  const nowSeconds = Math.floor(nowMs / 1000);
  const ageSeconds = nowSeconds - issuedSeconds;
  return subject.expiresAtMs / 1000 > nowSeconds - clockSkewSecondsMax && ageSeconds <= tokenAgeSecondsMax + clockSkewSecondsMax && ageSeconds >= -clockSkewSecondsMax;
}

/**
 * EdDSA tokens (RFC 8037) with one key, from configuration only: the algorithm is pinned, keys named inside a token are ignored, and
 * every claim is required (RFC 8725). A device sends its token many times: the signature is checked the first time, the clock each time.
 */
export async function createSyncTokens(parts: {
  readonly privateKey: KeyObject;
  readonly issuer: string;
  readonly nowMs: () => number;
  readonly nextId: () => string;
}): Promise<SyncTokens> {
  const publicKey = createPublicKey(parts.privateKey);
  const keyId = await calculateJwkThumbprint(await exportJWK(publicKey));
  const checked = new Map<string, Checked>();
  return {
    async sign(userId) {
      const issuedSeconds = Math.floor(parts.nowMs() / 1000);
      const expiresSeconds = issuedSeconds + syncTokenMs / 1000;
      const token = await new SignJWT()
        .setProtectedHeader({ alg: algorithm, kid: keyId, typ: tokenType })
        .setIssuer(parts.issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(issuedSeconds)
        .setExpirationTime(expiresSeconds)
        .setJti(parts.nextId())
        .sign(parts.privateKey);
      return { token, expiresAtMs: expiresSeconds * 1000 };
    },
    async verify(token) {
      const known = checked.get(token);
      if (known !== undefined) {
        if (isInTime(known, parts.nowMs())) return known.subject;
        checked.delete(token);
      }
      try {
        if (token.length > tokenCharsMax) throw new RangeError("the token is too long");
        const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
          algorithms: [algorithm],
          issuer: parts.issuer,
          audience,
          typ: tokenType,
          requiredClaims: ["sub", "iat", "exp", "jti"],
          clockTolerance: clockSkewSecondsMax,
          maxTokenAge: tokenAgeSecondsMax,
          currentDate: new Date(parts.nowMs()),
        });
        if (protectedHeader.kid !== keyId) throw new TypeError("the token names another key");
        if (typeof payload.jti !== "string" || payload.jti === "") throw new TypeError("the token has no id");
        if (payload.sub === undefined || payload.sub === "" || payload.exp === undefined || payload.iat === undefined) throw new TypeError("the token has no subject");
        const subject = { userId: payload.sub, expiresAtMs: payload.exp * 1000 };
        const [oldest] = checked.keys();
        if (oldest !== undefined && checked.size >= checkedMax) checked.delete(oldest);
        checked.set(token, { subject, issuedSeconds: payload.iat });
        return subject;
      } catch {
        throw new SaldoError("auth.required");
      }
    },
  };
}

/** The token of an `authorization: Bearer` header. Throws `SaldoError` `auth.required` when there is none. */
export function bearerToken(header: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._~+/%-]+=*)$/i.exec(header ?? "")?.[1];
  if (token === undefined) throw new SaldoError("auth.required");
  return token;
}
