import "server-only";
import { createHash } from "node:crypto";
import type { ChainedEvent } from "@/lib/platform/audit/chain";
import { lineOf } from "../line";
import { digestOfLines, type Seal } from "../seal";
import { Ledger } from "./ledger";
import { type Range, Ranges } from "./ranges";

/** What is wrong with a stretch of events. */
export const receivedProblems = ["altered", "missing", "contradicting", "unsealed", "bad_seal"] as const;
export type ReceivedProblem = (typeof receivedProblems)[number];

export interface ReceivedVerdict {
  orgId: string;
  /** Each counted once, however often it was sent. */
  events: number;
  seals: number;
  /** What can be relied on. */
  sound: Range[];
  problems: (Range & { problem: ReceivedProblem })[];
}

/** Characters of lines that wait for their seal. Those of one batch are half a mebibyte, and the seal comes behind them. */
const WAITING_MAX = 64 * 1024 * 1024;

/** What was received of one organisation's log, in whatever order and however often. */
export class ReceivedLog {
  private readonly ledger = new Ledger();
  private readonly waiting = new Map<bigint, string>();
  private waitingLength = 0;
  /** Seals whose lines were not all there. */
  private readonly open: Seal[] = [];
  private readonly problems: { problem: ReceivedProblem; from: bigint; to: bigint }[] = [];
  private events = 0;
  private seals = 0;

  constructor(readonly orgId: string) {}

  take(event: ChainedEvent, isGenuine: boolean): void {
    const { seq } = event;
    const line = lineOf(event);
    const found = this.ledger.note(seq, createHash("sha256").update(line).digest(), event.hash, event.prevHash);
    if (found === "new") this.events++;
    if (found === "other") this.spoil("contradicting", seq);
    if (!isGenuine) this.spoil("altered", seq);
    this.wait(seq, line);
  }

  /** @param isGenuine whether its signature is good */
  takeSeal(seal: Seal, isGenuine: boolean): void {
    if (!isGenuine) return void this.problem("bad_seal", BigInt(seal.from.seq), BigInt(seal.to.seq));
    this.seals++;
    if (!this.judge(seal)) this.open.push(seal);
  }

  verdict(): ReceivedVerdict {
    const [sound, unsealed, altered, missing] = [new Ranges(), new Ranges(), new Ranges(), new Ranges()];
    const promised = this.promised();
    let [first, last]: (bigint | undefined)[] = [];
    for (const { seq, isLinked, isSealed, isSpoilt } of this.ledger.entries()) {
      if (last !== undefined && last !== seq - 1n) missing.add(last + 1n, seq - 1n);
      [first, last] = [first ?? seq, seq];
      if (!isLinked) altered.add(seq);
      else if (isSealed && !isSpoilt) sound.add(seq);
      if (!isSealed && !isSpoilt) unsealed.add(seq);
    }
    for (const { from, to } of promised) {
      if (first === undefined || last === undefined) missing.add(from, to);
      else {
        if (from < first) missing.add(from, to < first ? to : first - 1n);
        if (to > last) missing.add(from > last ? from : last + 1n, to);
      }
    }
    const named = (problem: ReceivedProblem, ranges: Range[]) => ranges.map((range) => ({ problem, ...range }));
    return {
      ...{ orgId: this.orgId, events: this.events, seals: this.seals, sound: sound.all },
      problems: [
        ...this.problems.map(({ problem, from, to }) => ({ problem, from: String(from), to: String(to) })),
        ...named("altered", altered.all),
        ...named("missing", missing.all),
        ...named("unsealed", unsealed.all),
      ].slice(0, PROBLEMS_MAX),
    };
  }

  /** Whether the lines were there to judge the seal by. */
  private judge(seal: Seal): boolean {
    const lines: string[] = [];
    const [from, to] = [BigInt(seal.from.seq), BigInt(seal.to.seq)];
    for (let seq = from; seq <= to; seq++) {
      const line = this.waiting.get(seq);
      if (line === undefined) return false;
      lines.push(line);
    }
    const isGood = digestOfLines(lines) === seal.sha256 && lines.length === seal.count;
    if (!isGood) this.problem("altered", from, to);
    for (let seq = from; seq <= to; seq++) {
      if (isGood) this.ledger.seal(seq);
      else this.ledger.spoil(seq);
      this.forget(seq);
    }
    return true;
  }

  /** What seals speak of whose lines are still not all there; others were sealed another time. */
  private promised(): { from: bigint; to: bigint }[] {
    return this.open
      .filter((seal) => !this.judge(seal))
      .map(({ from, to }) => ({ from: BigInt(from.seq), to: BigInt(to.seq) }))
      .sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  private spoil(problem: ReceivedProblem, seq: bigint): void {
    this.ledger.spoil(seq);
    this.problem(problem, seq, seq);
  }

  private problem(problem: ReceivedProblem, from: bigint, to: bigint): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ problem, from, to });
  }

  private wait(seq: bigint, line: string): void {
    this.forget(seq);
    this.waiting.set(seq, line);
    this.waitingLength += line.length;
    for (const oldest of this.waiting.keys()) {
      if (this.waitingLength <= WAITING_MAX) break;
      this.forget(oldest);
    }
  }

  private forget(seq: bigint): void {
    const line = this.waiting.get(seq);
    if (line === undefined) return;
    this.waiting.delete(seq);
    this.waitingLength -= line.length;
  }
}

/** Problems that a report names. */
const PROBLEMS_MAX = 1_000;
