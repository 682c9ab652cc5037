/** From the first to the last event, both included; numbers as texts. */
export interface Range {
  from: string;
  to: string;
}

/** Stretches that a report names; past that it is broken throughout. */
const NAMED_MAX = 1_000;

/** Gathers numbers, which come in order, into stretches. */
export class Ranges {
  private readonly found: { from: bigint; to: bigint }[] = [];

  add(from: bigint, to = from): void {
    const last = this.found.at(-1);
    const isNext = last !== undefined && last.to >= from - 1n && from >= last.from;
    if (!isNext && this.found.length < NAMED_MAX) this.found.push({ from, to });
    if (isNext && to > last.to) last.to = to;
  }

  get all(): Range[] {
    return this.found.map(({ from, to }) => ({ from: String(from), to: String(to) }));
  }
}
