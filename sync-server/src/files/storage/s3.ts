import { Readable } from "node:stream";
import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SaldoError } from "@saldo/schema";
import { exactly, type FileStorage, type StoredObject } from "./file-storage.ts";

/** A bucket, and how to reach it. */
export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Address of a service that speaks S3; null for Amazon's own. */
  readonly endpoint: string | null;
  /** Null takes what the machine has: a role, a profile. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** Most objects one request removes: S3's own limit. */
const removeKeysMax = 1_000;
const attemptsMax = 3;
const connectTimeoutMs = 5_000;
const requestTimeoutMs = 60_000;

const nothing = () => undefined;
/** What goes wrong is thrown; the client's own words would go past our log. */
const silence = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Files in a bucket of S3, or of a service that speaks it. */
export function s3Storage({ bucket, region, endpoint, credentials }: S3Settings): FileStorage {
  const client = new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === null ? {} : { credentials: { ...credentials } }),
    maxAttempts: attemptsMax,
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
    logger: silence,
    // Other services do not know Amazon's trailing checksums; the SHA-256 of the whole is compared anyway.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const speak = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof SaldoError || cause instanceof RangeError) throw cause;
      throw new SaldoError(isFull(cause) ? "file.storage_full" : "relay.unavailable", { part: "files" }, { cause });
    }
  };
  return {
    async write(key, byteCount, bytes) {
      const body = Readable.from(exactly(byteCount, bytes), { objectMode: false });
      // The client does not listen to its body: a stream that breaks has to end the request.
      const broken = new AbortController();
      body.on("error", (error) => broken.abort(error));
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: byteCount });
      await speak(() => client.send(put, { abortSignal: broken.signal }).catch((error: unknown) => Promise.reject(broken.signal.aborted ? broken.signal.reason : error)));
    },
    read: (key, fromByte = 0) =>
      speak(async () => {
        try {
          const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(fromByte > 0 ? { Range: `bytes=${fromByte}-` } : {}) }));
          if (!(answer.Body instanceof Readable)) throw new TypeError("an object without a body");
          return answer.Body;
        } catch (error) {
          if (error instanceof NoSuchKey) return undefined;
          throw error;
        }
      }),
    async remove(keys) {
      for (let from = 0; from < keys.length; from += removeKeysMax) {
        const Objects = keys.slice(from, from + removeKeysMax).map((Key) => ({ Key }));
        await speak(() => client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })));
      }
    },
    list: (prefix) => listed((token) => speak(() => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) })))),
    // An unfinished write leaves nothing in a bucket.
    tidy: () => Promise.resolve(),
    async close() {
      client.destroy();
    },
  };
}

interface Page {
  readonly Contents?: readonly { readonly Key?: string | undefined; readonly Size?: number | undefined; readonly LastModified?: Date | undefined }[] | undefined;
  readonly NextContinuationToken?: string | undefined;
}

async function* listed(ask: (token: string | undefined) => Promise<Page>): AsyncIterable<StoredObject> {
  let token: string | undefined;
  do {
    const page: Page = await ask(token);
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key !== undefined) yield { key: Key, byteCount: Size ?? 0, writtenAtMs: LastModified?.getTime() ?? 0 };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && /^(?:QuotaExceeded|XMinioStorageFull|InsufficientStorage|EntityTooLarge)$/.test(cause.name);
}

