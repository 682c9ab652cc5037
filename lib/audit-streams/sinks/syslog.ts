import "server-only";
import { env } from "@/lib/platform/env";
import { sendOutside } from "@/lib/platform/net/worker/fetch-outside";
import { DONE, heard, LIMITS, type Sender } from "./ask";
import type { SettingsOf } from "./settings";
import type { Batch, Delivery } from "./sink";

/** RFC 5424, section 6.2.1: facility 13 is the log audit. */
const LOG_AUDIT = 13;
const SEVERITY = { warning: 4, informational: 6 };

/** One message for each event and one for the seal, over one connection that is closed behind them. */
export function sendBySyslog(settings: SettingsOf<"syslog">, batch: Batch, sender: Sender): Promise<Delivery> {
  const { host, port, ca, client_certificate: cert, client_key: key } = settings;
  const certificate = cert !== undefined && key !== undefined ? { cert, key } : undefined;
  const text = messagesOf(batch).map(framed).join("");
  return heard(async () => {
    await sendOutside(
      { host: host.replace(/^\[(.*)\]$/, "$1"), port, ca, certificate, text },
      { limits: LIMITS, ...sender },
    );
    return DONE;
  });
}

/** RFC 5425, section 4.3: how many bytes follow, a space, the message. */
const framed = (message: string) => `${Buffer.byteLength(message)} ${message}`;

const messagesOf = ({ id, orgId, streamId, events, seal, at, to }: Batch): string[] => {
  const common = { org: orgId, stream: streamId, batch: id };
  return [
    ...events.map(({ seq, at, action, outcome, json }) =>
      message({ at, type: action, data: { ...common, seq: String(seq) }, done: outcome === "done", json }),
    ),
    message({ at, type: "audit.seal", data: { ...common, seq: String(to) }, done: true, json: seal }),
  ];
};

interface Message {
  at: Date;
  type: string;
  data: Record<string, string>;
  done: boolean;
  json: string;
}

/**
 * RFC 5424, section 6: <PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID [SD] MSG. Without the byte order mark that section 6.4
 * has in front of UTF-8: JSON must not begin with one (RFC 8259, section 8.1), and receivers that keep it would break every line.
 */
const message = ({ at, type, data, done, json }: Message) =>
  [
    `<${LOG_AUDIT * 8 + (done ? SEVERITY.informational : SEVERITY.warning)}>1`,
    at.toISOString(),
    hostName(),
    "latchkey",
    "-",
    printable(type, 32),
    structured(data),
    json,
  ].join(" ");

/** No number of IANA's is registered for this product: 32473 is the one for examples (RFC 5612). */
const structured = (data: Record<string, string>) =>
  `[latchkey@32473 ${Object.entries(data)
    .map(([name, value]) => `${name}="${value.replace(/["\\\]]/g, "\\$&")}"`)
    .join(" ")}]`;

const hostName = () => printable(new URL(env().PUBLIC_URL).hostname.replace(/^\[(.*)\]$/, "$1"), 255);

/** PRINTUSASCII of so many signs, or the sign for nothing. */
const printable = (value: string, max: number) => value.replace(/[^\x21-\x7e]/g, "").slice(0, max) || "-";
