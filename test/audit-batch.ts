import type { Batch, BatchLine } from "@/lib/audit-streams/sinks/sink";

/** A batch as the core makes them, of so many events or of these texts. */
export function auditBatch(events: number | string[] = 2, change: Partial<Batch> = {}): Batch {
  const details = typeof events === "number" ? Array.from({ length: events }, (_, at) => `event ${at}`) : events;
  const lines = details.map((detail, index): BatchLine => {
    const seq = BigInt(index + 7);
    const at = new Date(Date.UTC(2026, 10, 30, 23, 59, 58, index));
    const [action, outcome] = ["credential.read", index % 2 === 0 ? "done" : "refused"];
    return { seq, at, action, outcome, json: JSON.stringify({ seq: String(seq), action, outcome, detail }) };
  });
  const [from, to] = [7n, BigInt(6 + Math.max(1, lines.length))];
  return {
    orgId: "0b54a2a2-5ad0-4c2f-9b4e-0d6a4a3f7a11",
    streamId: "5b0c8a4e-3f0e-4f7e-8d2a-6a1f9f0e2c22",
    id: "batch-7",
    from,
    to,
    at: new Date("2026-11-30T23:59:58.100Z"),
    events: lines,
    seal: JSON.stringify({ seal: { from: String(from), to: String(to), hash: "3f" } }),
    ...change,
  };
}

/** What a receiver of lines holds of it. */
export const linesOf = ({ events, seal }: Batch): string => `${[...events.map(({ json }) => json), seal].join("\n")}\n`;
