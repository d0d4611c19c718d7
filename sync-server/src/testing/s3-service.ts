import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A service that speaks as much of the wire of S3 as files need; pages of its listings are short, so that they are followed. */
export interface S3Service {
  readonly url: string;
  /** Its objects, by bucket and key. */
  readonly objects: Map<string, Buffer>;
  /** Answers every write so, as a full service does; null writes again. */
  refuseWrites(code: string | null): void;
  close(): Promise<void>;
}

const keysOfPage = 3;
const accessKeyId = "test-key";

/** Credentials the service knows. */
export const s3Credentials = { accessKeyId, secretAccessKey: "test-secret" };

/** Starts the service on a free port of this machine. */
export async function startS3Service(): Promise<S3Service> {
  const objects = new Map<string, Buffer>();
  const writtenAt = new Map<string, string>();
  let refusal: string | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://s3");
    const key = decodeURIComponent(pathname.slice(1));
    const fail = (status: number, code: string) => response.writeHead(status, { "content-type": "application/xml" }).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    if (request.headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`) !== true) return fail(403, "AccessDenied");
    if (!isSigned(request, body)) return fail(400, "XAmzContentSHA256Mismatch");
    if (request.method === "PUT") {
      if (refusal !== null) return fail(507, refusal);
      if (request.headers["content-length"] === undefined) return fail(411, "MissingContentLength");
      objects.set(key, body);
      writtenAt.set(key, new Date().toISOString());
      return response.writeHead(200, { etag: `"${createHash("md5").update(body).digest("hex")}"` }).end();
    }
    if (request.method === "POST" && searchParams.has("delete")) {
      const bucket = key.replace(/\/$/, "");
      for (const [, name = ""] of body.toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(`${bucket}/${name}`);
      return response.writeHead(200, { "content-type": "application/xml" }).end('<?xml version="1.0"?><DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>');
    }
    if (request.method === "GET" && searchParams.get("list-type") === "2") {
      return response.writeHead(200, { "content-type": "application/xml" }).end(page(objects, writtenAt, key.replace(/\/$/, ""), searchParams));
    }
    const found = objects.get(key);
    if (request.method !== "GET" || !found) return fail(404, "NoSuchKey");
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const sent = found.subarray(from);
    return response.writeHead(from > 0 ? 206 : 200, { "content-length": sent.byteLength, "content-type": "application/octet-stream" }).end(sent);
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    objects,
    refuseWrites: (code) => {
      refusal = code;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** The hash of the body, where the client took one, is that of what arrived. */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const said = request.headers["x-amz-content-sha256"];
  return said === "UNSIGNED-PAYLOAD" || said === createHash("sha256").update(body).digest("hex");
}

function page(objects: ReadonlyMap<string, Buffer>, writtenAt: ReadonlyMap<string, string>, bucket: string, parameters: URLSearchParams): string {
  const prefix = parameters.get("prefix") ?? "";
  const after = parameters.get("continuation-token") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(`${bucket}/`)).map((key) => key.slice(bucket.length + 1)).filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const shown = keys.slice(0, keysOfPage);
  const contents = shown.map((key) => {
    const path = `${bucket}/${key}`;
    return `<Contents><Key>${key}</Key><LastModified>${writtenAt.get(path)}</LastModified><Size>${objects.get(path)?.byteLength}</Size></Contents>`;
  });
  const more = keys.length > shown.length ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${shown.at(-1)}</NextContinuationToken>` : "<IsTruncated>false</IsTruncated>";
  return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><KeyCount>${shown.length}</KeyCount>${more}${contents.join("")}</ListBucketResult>`;
}
