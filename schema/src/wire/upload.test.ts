import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SaldoError } from "../errors/saldo-error.ts";
import { decodeUpload, encodeUpload, type Upload } from "./upload.ts";

function upload(): Upload {
  const bodies = ['{"ids":["a"],"categoryId":null}', '{"name":"Касса"}'].map((text) => new TextEncoder().encode(text));
  return {
    clientId: "client",
    workspaceId: "workspace",
    mutations: bodies.map((body, index) => ({
      seq: index + 1,
      name: "transaction.recategorise",
      version: 1,
      encoding: "json",
      sha256: createHash("sha256").update(body).digest("hex"),
      body,
    })),
  };
}

describe("an upload", () => {
  it("reads back as it was written", () => {
    expect(decodeUpload(encodeUpload(upload()))).toEqual(upload());
  });

  it("is refused whole when cut at any byte or padded", () => {
    const bytes = encodeUpload(upload());
    for (let length = 0; length < bytes.byteLength; length++) expect(() => decodeUpload(bytes.subarray(0, length)), `cut at ${length}`).toThrow(SaldoError);
    expect(() => decodeUpload(Uint8Array.of(...bytes, 0))).toThrow(SaldoError);
  });

  it("is refused when its header is not ours", () => {
    const foreign = new TextEncoder().encode('{"clientId":"c","workspaceId":"w","mutations":[]}');
    const bytes = new Uint8Array(8 + foreign.byteLength);
    bytes.set(new TextEncoder().encode("SMU1"));
    new DataView(bytes.buffer).setUint32(4, foreign.byteLength);
    bytes.set(foreign, 8);
    expect(() => decodeUpload(bytes)).toThrow(/relay\.invalid_upload/);
  });
});
