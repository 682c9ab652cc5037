import "server-only";

/** Events of one organisation by number: what was read of each, in about fifty bytes. */
export class Ledger {
  /** A stretch of numbers each; only those that events were read of are there. */
  private readonly pages = new Map<bigint, Buffer>();

  /** Notes an event. "same" and "other": one of this number was there before, and was this one or not. */
  note(seq: bigint, digest: Buffer, hash: Uint8Array, prevHash: Uint8Array): "new" | "same" | "other" {
    const entry = this.entry(seq, true);
    if (entry[STATE] !== 0) return entry.subarray(0, 16).equals(digest.subarray(0, 16)) ? "same" : "other";
    digest.copy(entry, 0, 0, 16);
    entry.set(hash.subarray(0, 16), 16);
    entry.set(prevHash.subarray(0, 16), 32);
    entry[STATE] = PRESENT;
    return "new";
  }

  has = (seq: bigint): boolean => this.is(seq, PRESENT);
  isSealed = (seq: bigint): boolean => this.is(seq, SEALED);
  seal = (seq: bigint): void => this.mark(seq, SEALED);
  spoil = (seq: bigint): void => this.mark(seq, SPOILT);

  /** All that there is, in the order of the chain. */
  *entries(): Generator<Entry> {
    const numbers = [...this.pages.keys()].sort((a, b) => (a < b ? -1 : 1));
    let before: { seq: bigint; entry: Buffer } | undefined;
    for (const number of numbers) {
      for (let at = 0n; at < PAGE; at++) {
        const seq = number * PAGE + at;
        const entry = this.entry(seq, false);
        if (!(entry[STATE] ?? 0)) continue;
        const follows = before !== undefined && before.seq === seq - 1n;
        const isLinked =
          !follows || (before as { entry: Buffer }).entry.subarray(16, 32).equals(entry.subarray(32, 48));
        yield { seq, isLinked, isSealed: this.is(seq, SEALED), isSpoilt: this.is(seq, SPOILT) };
        before = { seq, entry };
      }
    }
  }

  private is(seq: bigint, bit: number): boolean {
    return ((this.entry(seq, false)[STATE] ?? 0) & bit) !== 0;
  }

  private mark(seq: bigint, bit: number): void {
    const entry = this.entry(seq, false);
    if (entry[STATE]) entry[STATE] |= bit;
  }

  private entry(seq: bigint, make: boolean): Buffer {
    const number = seq / PAGE;
    let page = this.pages.get(number);
    if (!page) {
      if (!make) return NONE;
      page = Buffer.alloc(Number(PAGE) * ENTRY);
      this.pages.set(number, page);
    }
    const at = Number(seq % PAGE) * ENTRY;
    return page.subarray(at, at + ENTRY);
  }
}

export interface Entry {
  seq: bigint;
  /** Whether it names the hash of the one before, where that is there. */
  isLinked: boolean;
  isSealed: boolean;
  isSpoilt: boolean;
}

const PAGE = 64n;
/** Of the line, its hash and the hash before it: sixteen bytes each; then what is known of it. */
const ENTRY = 49;
const STATE = 48;
const [PRESENT, SEALED, SPOILT] = [1, 2, 4];
const NONE = Buffer.alloc(0);
