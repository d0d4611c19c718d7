export { isBlobId, type BlobStore, type KeptBlob } from "./blob-store.ts";
export { createOriginals, type OriginalPlace, type Originals } from "./originals.ts";
export { sha256Hex } from "./sha256.ts";
export { openFile, type TransferParts } from "./transfer.ts";
export { sendWaiting, startFileUploader, type FileUploader, type FileUploaderParts } from "./uploader.ts";
