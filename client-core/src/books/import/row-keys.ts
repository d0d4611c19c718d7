/** Rows a list of keys starts with room for. */
const firstRoom = 4_096;

/**
 * What rows are compared by, packed: some 30 bytes a row, so that a file of half a million and the books around it are held at once. `account` and
 * `source` are numbers given by the caller, `text` and `bank` hashes (0: none).
 */
export class RowKeys {
  #count = 0;
  accounts = new Uint32Array(firstRoom);
  sources = new Int32Array(firstRoom);
  days = new Int32Array(firstRoom);
  amounts = new Float64Array(firstRoom);
  texts = new Int32Array(firstRoom);
  banks = new Int32Array(firstRoom);

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row; returns its place. */
  add(account: number, source: number, day: number, amountMinor: number, text: number, bank: number): number {
    const at = this.#count;
    if (at === this.days.length) this.#grow();
    this.accounts[at] = account;
    this.sources[at] = source;
    this.days[at] = day;
    this.amounts[at] = amountMinor;
    this.texts[at] = text;
    this.banks[at] = bank;
    this.#count = at + 1;
    return at;
  }

  #grow(): void {
    const room = this.#count * 2;
    const grown = <Numbers extends Uint32Array | Int32Array | Float64Array>(larger: Numbers, old: Numbers): Numbers => {
      larger.set(old);
      return larger;
    };
    this.accounts = grown(new Uint32Array(room), this.accounts);
    this.sources = grown(new Int32Array(room), this.sources);
    this.days = grown(new Int32Array(room), this.days);
    this.amounts = grown(new Float64Array(room), this.amounts);
    this.texts = grown(new Int32Array(room), this.texts);
    this.banks = grown(new Int32Array(room), this.banks);
  }
}

/** Mixes a number into a hash (the steps of MurmurHash3, Appleby). */
export function mixed(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Hash of a text, never 0 (FNV-1a over UTF-16 units). */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash === 0 ? 1 : hash;
}

/** Hash of an amount of minor units with the account it is on. */
export function amountHash(account: number, amountMinor: number): number {
  return mixed(mixed(account + 1, amountMinor | 0), Math.trunc(amountMinor / 0x1_0000_0000));
}

const dayMs = 86_400_000;

/** Makes the function that counts the days of a date since 1970-01-01; it remembers the dates it has met. */
export function dayCounter(): (date: string) => number {
  const known = new Map<string, number>();
  return (date) => {
    const found = known.get(date);
    if (found !== undefined) return found;
    const day = Date.parse(`${date}T00:00:00Z`) / dayMs;
    known.set(date, day);
    return day;
  };
}

/** The date of a day counted since 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Places of a list by hash, those of one hash in ascending order; `taken` ones are passed over for good. */
export class PlacesByHash {
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;

  /** `hashOf` gives undefined for places left out. */
  constructor(count: number, hashOf: (place: number) => number | undefined) {
    let size = 16;
    while (size < count * 2) size *= 2;
    this.#mask = size - 1;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(count).fill(-1);
    for (let place = count - 1; place >= 0; place--) {
      const hash = hashOf(place);
      if (hash === undefined) continue;
      const slot = this.#slotOf(hash);
      this.#next[place] = this.#heads[slot] ?? -1;
      this.#heads[slot] = place;
    }
  }

  #slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  /** The first place under a hash for which `fits` holds; it is taken out. −1 when there is none. */
  take(hash: number, fits: (place: number) => boolean): number {
    const slot = this.#slotOf(hash);
    let before = -1;
    for (let place = this.#heads[slot] ?? -1; place >= 0; place = this.#next[place] ?? -1) {
      if (fits(place)) {
        const after = this.#next[place] ?? -1;
        if (before < 0) this.#heads[slot] = after;
        else this.#next[before] = after;
        return place;
      }
      before = place;
    }
    return -1;
  }

  /** True when `fits` holds for some place under a hash. */
  some(hash: number, fits: (place: number) => boolean): boolean {
    for (let place = this.#heads[this.#slotOf(hash)] ?? -1; place >= 0; place = this.#next[place] ?? -1) if (fits(place)) return true;
    return false;
  }

  /** Calls back with each place under a hash. */
  each(hash: number, visit: (place: number) => void): void {
    for (let place = this.#heads[this.#slotOf(hash)] ?? -1; place >= 0; place = this.#next[place] ?? -1) visit(place);
  }
}
