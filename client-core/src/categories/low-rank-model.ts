import { featurePlaces, type Features } from "./features.ts";

/** Numbers by which a text is known within the model. */
const rank = 32;
/** Classes likelier than this are taught that they are not meant; the rest would hardly change. */
const pushedFrom = 0.002;
const steadiness = 1e-3;
const rate = 0.15;

/** A multinomial logistic model over hashed features, learned one row at a time. */
export interface TextModel {
  readonly classCount: number;
  /** Makes room for one class more and returns its number. */
  addClass(): number;
  /** Likelihood of each class, in an array of the model's own that the next call overwrites. */
  predict(features: Features): Float32Array;
  /** Learns that a row is of a class; `eagerness` from 0 to 1 says how much. */
  learn(features: Features, meant: number, eagerness: number): void;
}

/**
 * Makes an empty {@link TextModel}: features are summed to a short vector from which classes are told apart (Joulin et al., "Bag of Tricks for Efficient Text
 * Classification", 2017), so that it stays small however many classes there are. Learns with Adagrad steps (Duchi et al. 2011). The same rows in the same
 * order always give the same model.
 */
export function textModel(): TextModel {
  const vectors = new Float32Array(featurePlaces * rank);
  // 0 where a feature was never learned: it says nothing then, and its numbers are not there yet.
  const vectorSquares = new Float32Array(featurePlaces);
  const sum = new Float32Array(rank);
  const slope = new Float32Array(rank);
  let room = 64;
  let count = 0;
  let outputs = new Float32Array(room * rank);
  let outputSquares = new Float32Array(room).fill(steadiness);
  let bias = new Float32Array(room);
  let biasSquares = new Float32Array(room).fill(steadiness);
  let likely = new Float32Array(room);

  const predict = ({ places, weights }: Features): Float32Array => {
    sum.fill(0);
    for (let index = 0; index < places.length; index++) {
      const place = places[index] ?? 0;
      if (vectorSquares[place] === 0) continue;
      const from = place * rank;
      const weight = weights[index] ?? 0;
      for (let at = 0; at < rank; at++) sum[at] = (sum[at] ?? 0) + weight * (vectors[from + at] ?? 0);
    }
    let highest = -Infinity;
    for (let index = 0; index < count; index++) {
      let score = bias[index] ?? 0;
      const from = index * rank;
      for (let at = 0; at < rank; at++) score += (sum[at] ?? 0) * (outputs[from + at] ?? 0);
      likely[index] = score;
      if (score > highest) highest = score;
    }
    let total = 0;
    for (let index = 0; index < count; index++) total += likely[index] = Math.exp((likely[index] ?? 0) - highest);
    for (let index = 0; index < count; index++) likely[index] = (likely[index] ?? 0) / total;
    return likely;
  };

  const meet = ({ places }: Features) => {
    for (const place of places) {
      if (vectorSquares[place] !== 0) continue;
      vectorSquares[place] = steadiness;
      startVector(vectors, place);
    }
  };

  const teachClass = (index: number, push: number, eagerness: number, length: number) => {
    const from = index * rank;
    for (let at = 0; at < rank; at++) slope[at] = (slope[at] ?? 0) + push * (outputs[from + at] ?? 0);
    const square = (outputSquares[index] ?? 0) + push * push * length;
    outputSquares[index] = square;
    const step = (rate * eagerness * push) / Math.sqrt(square);
    for (let at = 0; at < rank; at++) outputs[from + at] = (outputs[from + at] ?? 0) - step * (sum[at] ?? 0);
    const biasSquare = (biasSquares[index] ?? 0) + push * push;
    biasSquares[index] = biasSquare;
    bias[index] = (bias[index] ?? 0) - (0.3 * rate * eagerness * push) / Math.sqrt(biasSquare);
  };

  const teachFeatures = ({ places, weights }: Features, eagerness: number) => {
    const length = meanSquare(slope);
    for (let index = 0; index < places.length; index++) {
      const place = places[index] ?? 0;
      const weight = weights[index] ?? 0;
      const square = (vectorSquares[place] ?? 0) + weight * weight * length;
      vectorSquares[place] = square;
      const step = (rate * eagerness * weight) / Math.sqrt(square);
      const from = place * rank;
      for (let at = 0; at < rank; at++) vectors[from + at] = (vectors[from + at] ?? 0) - step * (slope[at] ?? 0);
    }
  };

  return {
    get classCount() {
      return count;
    },
    addClass() {
      if (count === room) {
        room *= 2;
        [outputs, likely] = [grown(outputs, room * rank, 0), new Float32Array(room)];
        [outputSquares, bias, biasSquares] = [grown(outputSquares, room, steadiness), grown(bias, room, 0), grown(biasSquares, room, steadiness)];
      }
      return count++;
    },
    predict,
    learn(features, meant, eagerness) {
      meet(features);
      const pushes = predict(features);
      pushes[meant] = (pushes[meant] ?? 0) - 1;
      slope.fill(0);
      const length = meanSquare(sum);
      for (let index = 0; index < count; index++) {
        const push = pushes[index] ?? 0;
        if (index === meant || push >= pushedFrom) teachClass(index, push, eagerness, length);
      }
      teachFeatures(features, eagerness);
    },
  };
}

/** Small numbers that differ from feature to feature, always the same for one. */
function startVector(vectors: Float32Array, place: number): void {
  let state = Math.imul(place + 1, 0x9e3779b1);
  for (let index = place * rank; index < (place + 1) * rank; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    vectors[index] = ((state >>> 8) / 0x800000 - 1) / rank;
  }
}

function meanSquare(vector: Float32Array): number {
  let total = 0;
  for (const value of vector) total += value * value;
  return total / vector.length;
}

function grown(from: Float32Array, length: number, fill: number): Float32Array<ArrayBuffer> {
  const to = new Float32Array(length).fill(fill);
  to.set(from);
  return to;
}
