import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** A change of our own source that must not go unnoticed: `file`, from the repository's root, has `line` exactly once. */
export interface PlantedBug {
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

/** How often the line a bug takes the place of is in its file: once, or the bug has to move. */
export async function occurrencesOf({ file, line }: PlantedBug): Promise<number> {
  return (await readFile(repository + file, "utf8")).split(line).length - 1;
}

/** Plants bugs while the source is read. The build fails when a line is not there, or more than once, or its file is no part of what is built. */
function plantedBugs(bugs: readonly PlantedBug[]): Plugin {
  return {
    name: "planted-bugs",
    setup({ onLoad, onEnd }) {
      const planted = new Set<PlantedBug>();
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const here = bugs.filter(({ file }) => path === repository + file);
        if (here.length === 0) return undefined;
        let contents = await readFile(path, "utf8");
        for (const bug of here) {
          const { file, line, becomes } = bug;
          if (contents.split(line).length !== 2) throw new Error(`${file} does not have this line exactly once: ${line}`);
          contents = contents.replace(line, () => becomes);
          planted.add(bug);
        }
        return { contents, loader: "ts" };
      });
      onEnd(() => {
        for (const bug of bugs) if (!planted.has(bug)) throw new Error(`${bug.file} is no part of what is built`);
      });
    },
  };
}

/** Packages of npm stay outside of a bundle; our own rooms are part of it. */
const npmPackagesStayOutside: Plugin = {
  name: "npm-packages-stay-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => (kind === "entry-point" || path.startsWith("@saldo/") ? undefined : { path, external: true }));
  },
};

/**
 * Bundles a program or module of a room, with bugs planted in it when asked, into the room's `dist/testing`, where it finds its packages;
 * returns the file, which goes with this process.
 */
export async function bundleForTest(entry: string, name: string, ...bugs: readonly PlantedBug[]): Promise<string> {
  const [room = ""] = entry.split("/");
  const outfile = `${repository}${room}/dist/testing/${name}-${process.pid}.mjs`;
  await build({
    entryPoints: [repository + entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
    plugins: [...(bugs.length === 0 ? [] : [plantedBugs(bugs)]), npmPackagesStayOutside],
  });
  process.once("exit", () => rmSync(outfile, { force: true }));
  return outfile;
}
