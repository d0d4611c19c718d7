/** Numbers sorted by insertion: an array of its own type is sorted by a call that costs more than that. */
const fewNumbers = 24;

/** Sorts in place, ascending. */
export function sortNumbers(numbers: Float64Array | Int32Array): void {
  if (numbers.length > fewNumbers) {
    numbers.sort();
    return;
  }
  for (let from = 1; from < numbers.length; from++) {
    const value = numbers[from] ?? 0;
    let at = from;
    for (; at > 0 && (numbers[at - 1] ?? 0) > value; at--) numbers[at] = numbers[at - 1] ?? 0;
    numbers[at] = value;
  }
}

/** The number that stands at a place when all are sorted; 0 where there is none. Changes their order (Hoare 1961, "Find"). */
export function nthSmallest(numbers: Float64Array, place: number): number {
  let [from, to] = [0, numbers.length - 1];
  while (from < to) {
    const pivot = numbers[(from + to) >> 1] ?? 0;
    let [low, high] = [from, to];
    while (low <= high) {
      while ((numbers[low] ?? 0) < pivot) low++;
      while ((numbers[high] ?? 0) > pivot) high--;
      if (low > high) break;
      const kept = numbers[low] ?? 0;
      numbers[low++] = numbers[high] ?? 0;
      numbers[high--] = kept;
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else break;
  }
  return numbers[place] ?? 0;
}
