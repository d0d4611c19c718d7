/** Trees of a forest: enough for a steady order, few enough for half a million rows in half a second. */
const treeCount = 40;
/** Rows each tree is grown from. */
const sampleRows = 256;
const depthMax = 8;

/**
 * How easily each row is set apart from the others by random cuts, 0 to 1 (isolation forest: Liu, Ting, Zhou 2008). Columns are features of
 * the rows. The same columns give the same scores: the cuts are drawn from a fixed seed.
 */
export function isolationScores(columns: readonly Float32Array[], seed = 1): Float32Array {
  const count = columns[0]?.length ?? 0;
  const scores = new Float32Array(count);
  if (count < 2) return scores;
  const random = randomNumbers(seed);
  const sample = Math.min(sampleRows, count);
  const depths = new Float32Array(count);
  for (let tree = 0; tree < treeCount; tree++) {
    const rows = Int32Array.from({ length: sample }, () => Math.floor(random() * count));
    addDepths(growTree(columns, rows, random), columns, depths);
  }
  const typical = treeCount * meanPath(sample);
  for (let row = 0; row < count; row++) scores[row] = 2 ** -((depths[row] ?? 0) / typical);
  return scores;
}

/** A tree as arrays: the children of node `n` are 2n + 1 and 2n + 2; a leaf has feature −1 and the depth it stands for. */
interface Tree {
  readonly feature: Int8Array;
  readonly cut: Float32Array;
  readonly depth: Float32Array;
}

function growTree(columns: readonly Float32Array[], rows: Int32Array, random: () => number): Tree {
  const nodes = 2 ** (depthMax + 1) - 1;
  const tree: Tree = { feature: new Int8Array(nodes).fill(-1), cut: new Float32Array(nodes), depth: new Float32Array(nodes) };
  grow(0, 0, rows);
  return tree;

  function grow(node: number, depth: number, own: Int32Array): void {
    tree.depth[node] = depth + meanPath(own.length);
    if (depth === depthMax || own.length < 2) return;
    const feature = Math.floor(random() * columns.length);
    const column = columns[feature];
    let [low, high] = [Infinity, -Infinity];
    for (const row of own) {
      const value = column?.[row] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(high > low)) return;
    const cut = low + random() * (high - low);
    tree.feature[node] = feature;
    tree.cut[node] = cut;
    grow(2 * node + 1, depth + 1, own.filter((row) => (column?.[row] ?? 0) < cut));
    grow(2 * node + 2, depth + 1, own.filter((row) => (column?.[row] ?? 0) >= cut));
  }
}

function addDepths({ feature, cut, depth }: Tree, columns: readonly Float32Array[], depths: Float32Array): void {
  for (let row = 0; row < depths.length; row++) {
    let node = 0;
    for (let of = feature[0] ?? -1; of >= 0; of = feature[node] ?? -1) node = 2 * node + ((columns[of]?.[row] ?? 0) < (cut[node] ?? 0) ? 1 : 2);
    depths[row] = (depths[row] ?? 0) + (depth[node] ?? 0);
  }
}

/** Mean depth of a search for a row among `rows` that is not there. */
function meanPath(rows: number): number {
  if (rows < 2) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + 0.577_215_665) - (2 * (rows - 1)) / rows;
}

/** Mulberry32, a small generator of numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
