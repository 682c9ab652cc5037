import "server-only";
import { ask, type Sender } from "./ask";
import { receiptIn } from "./otlp-receipt";
import { headerLines, type SettingsOf } from "./settings";
import type { Batch, Delivery } from "./sink";

/** SeverityNumber of the OpenTelemetry log data model. */
const SEVERITY = { INFO: 9, WARN: 13 } as const;

/** One request of OTLP/HTTP in its JSON form, in which 64-bit numbers are texts: a record for each event, the seal as the last. */
export function sendByOtlp(settings: SettingsOf<"otlp">, batch: Batch, sender: Sender): Promise<Delivery> {
  const { endpoint, headers = "" } = settings;
  const given = headerLines(headers).map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  return ask(
    {
      url: `${endpoint.replace(/\/+$/, "")}/v1/logs`,
      method: "POST",
      headers: { ...Object.fromEntries(given), "content-type": "application/json" },
      body: JSON.stringify(exportOf(batch)),
    },
    sender,
    async (answer) => receiptIn(await answer.text()),
  );
}

const exportOf = ({ id, orgId, streamId, events, seal, at, to }: Batch) => {
  const common = { "latchkey.organization": orgId, "latchkey.stream": streamId, "latchkey.batch": id };
  const records = [
    ...events.map(({ seq, at, action, outcome, json }) => ({
      ...severityOf(outcome),
      timeUnixNano: nanoseconds(at),
      eventName: action,
      body: { stringValue: json },
      attributes: attributesOf({ ...common, "latchkey.action": action, "latchkey.outcome": outcome }, seq),
    })),
    {
      ...severityOf("done"),
      timeUnixNano: nanoseconds(at),
      eventName: "audit.seal",
      body: { stringValue: seal },
      attributes: attributesOf(common, to),
    },
  ];
  return {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "latchkey" } }] },
        scopeLogs: [{ scope: { name: "latchkey.audit" }, logRecords: records }],
      },
    ],
  };
};

const severityOf = (outcome: string) => {
  const severityText = outcome === "done" ? "INFO" : "WARN";
  return { severityNumber: SEVERITY[severityText], severityText };
};

const nanoseconds = (at: Date) => String(BigInt(at.getTime()) * 1_000_000n);

const attributesOf = (texts: Record<string, string>, seq: bigint) => [
  ...Object.entries(texts).map(([key, value]) => ({ key, value: { stringValue: value } })),
  { key: "latchkey.seq", value: { intValue: String(seq) } },
];
