/** Trees of a forest: enough for a steady order, few enough for half a million rows in half a second. */
const treeCount = 40;
/** Rows each tree is grown from. */
const sampleRows = 256;
const depthMax = 8;

/**
 * Tells how easily a row is set apart from the others by random cuts, 0 to 1 (isolation forest: Liu, Ting, Zhou 2008). Columns are features of
 * the rows. The same columns give the same scores: the cuts are drawn from a fixed seed. Only rows that are asked about cost anything.
 */
export function isolationForest(columns: readonly Float32Array[], seed = 1): (row: number) => number {
  const count = columns[0]?.length ?? 0;
  if (count < 2) return () => 0;
  const random = randomNumbers(seed);
  const sample = Math.min(sampleRows, count);
  const trees = Array.from({ length: treeCount }, () => growTree(columns, Int32Array.from({ length: sample }, () => Math.floor(random() * count)), random));
  const typical = treeCount * meanPath(sample);
  const features = new Float32Array(columns.length);
  return (row) => {
    for (let index = 0; index < features.length; index++) features[index] = columns[index]?.[row] ?? 0;
    let depths = 0;
    for (const tree of trees) depths += depthIn(tree, features);
    return 2 ** -(depths / typical);
  };
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

function depthIn({ feature, cut, depth }: Tree, features: Float32Array): number {
  let node = 0;
  for (let of = feature[0] ?? -1; of >= 0; of = feature[node] ?? -1) node = 2 * node + ((features[of] ?? 0) < (cut[node] ?? 0) ? 1 : 2);
  return depth[node] ?? 0;
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
