/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Address of the files of an empty database; absent in a page that was not built. */
  readonly VITE_EMPTY_DATABASE?: string;
}
