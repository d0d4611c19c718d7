import { z } from "zod";

/** The file in which PGlite notes which of a folder's files is which of Postgres': a tree, then a line for each change. */
export const noteName = "state.txt";
/** The same tree once more: PGlite empties its note before it writes the next one. */
export const noteCopyName = "state.copy";
/** The file by which Postgres knows its folder. */
export const versionFile = "/PG_VERSION";
/** The folder of the files themselves. */
export const filesFolderName = "data";

type Node = { readonly type: "file"; readonly backingFilename: string } | { readonly type: "directory"; readonly children: Readonly<Record<string, Node>> };
const node: z.ZodType<Node> = z.lazy(() =>
  z.discriminatedUnion("type", [z.object({ type: z.literal("file"), backingFilename: z.string() }), z.object({ type: z.literal("directory"), children: z.record(z.string(), node) })]),
);
const tree = z.object({ root: node, pool: z.array(z.string()) });
const named = z.object({ backingFilename: z.string() });
const change = z.object({ opp: z.string(), args: z.array(z.unknown()) }).refine(({ opp, args }) => opp !== "createFileNode" || named.safeParse(args[1]).success);

/** What a note tells. */
export interface FilesNote {
  /** The name in the folder of each of Postgres' files, by its path. */
  readonly files: ReadonlyMap<string, string>;
  /** Empty files that are kept for use. */
  readonly pool: ReadonlySet<string>;
  /** The text as far as it is whole. */
  readonly text: string;
}

/** Reads a note; undefined for one that does not tell which file is which. A last line that was cut was never promised to anybody, and is left out. */
export function readNote(text: string): FilesNote | undefined {
  const [first = "", ...rest] = text.split("\n");
  const beginning = tree.safeParse(parsed(first)).data;
  if (beginning === undefined) return undefined;
  const files = new Map(filesOf(beginning.root, ""));
  const pool = new Set(beginning.pool);
  const whole = [first];
  for (const [place, line] of rest.entries()) {
    const read = line === "" ? undefined : change.safeParse(parsed(line)).data;
    if (read !== undefined) apply(read, files, pool);
    else if (line !== "" && place < rest.length - 1) return undefined;
    if (read !== undefined) whole.push(line);
  }
  return { files, pool, text: whole.join("\n") };
}

/** Reads a note, with the tree of its copy where its own cannot be read. */
export function readNoteOrCopy(text: string, copy: string): FilesNote | undefined {
  return readNote(text) ?? readNote([copy, ...text.split("\n").slice(1)].join("\n"));
}

/** The line by which PGlite forgets a file that was kept for use. */
export function forgottenLine(name: string): string {
  return `\n${JSON.stringify({ opp: "deletePoolFile", args: [name] })}`;
}

function* filesOf(of: Node, path: string): Generator<readonly [string, string]> {
  if (of.type === "file") yield [path, of.backingFilename];
  else for (const [name, child] of Object.entries(of.children)) yield* filesOf(child, `${path}/${name}`);
}

function apply({ opp, args: [first, second] }: z.infer<typeof change>, files: Map<string, string>, pool: Set<string>): void {
  if (typeof first !== "string") return;
  if (opp === "createPoolFile") pool.add(first);
  else if (opp === "deletePoolFile") pool.delete(first);
  else if (opp === "createFileNode") {
    const { backingFilename } = named.parse(second);
    files.set(first, backingFilename);
    pool.delete(backingFilename);
  } else if (opp === "unlink") {
    const name = files.get(first);
    files.delete(first);
    if (name !== undefined) pool.add(name);
  } else if (opp === "rename" && typeof second === "string") {
    for (const [path, name] of [...files]) {
      if (path !== first && !path.startsWith(`${first}/`)) continue;
      files.delete(path);
      files.set(second + path.slice(first.length), name);
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
