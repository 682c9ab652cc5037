/** Kinds of receivers that an audit log can be streamed to, and what each is told about. Safe for the browser. */
export const sinkKinds = ["webhook", "object_store", "syslog", "otlp"] as const;
export type SinkKind = (typeof sinkKinds)[number];

/** One setting of a kind, as a form draws it; the server's schema is checked against these. */
export interface SinkField {
  name: string;
  label: string;
  /** A secret is write-only: it is never shown again, and kept when a change leaves it out. */
  kind: "text" | "url" | "number" | "secret" | "multiline" | "choice";
  required: boolean;
  help: string;
  /** What a choice is of. */
  options?: readonly { value: string; label: string }[];
  /** What stands when it is left out. */
  default?: string | number;
  /** A secret of several lines. */
  lines?: boolean;
}

export const sinkFields: Record<SinkKind, readonly SinkField[]> = {
  webhook: [
    {
      name: "url",
      label: "URL",
      kind: "url",
      required: true,
      help: "Where batches are posted to, with https://. Not a place for a key: whoever may see the stream sees it.",
    },
    {
      name: "signing_secret",
      label: "Signing secret",
      kind: "secret",
      required: true,
      help: "whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has them. The receiver checks each batch with it.",
    },
    {
      name: "second_signing_secret",
      label: "Second signing secret",
      kind: "secret",
      required: false,
      help: "While secrets are changed, batches are signed with both.",
    },
  ],
  object_store: [
    {
      name: "endpoint",
      label: "Endpoint",
      kind: "url",
      required: true,
      help: "Address of the S3 service without a path, like https://s3.eu-central-1.amazonaws.com.",
    },
    { name: "region", label: "Region", kind: "text", required: true, help: "Requests are signed for it." },
    { name: "bucket", label: "Bucket", kind: "text", required: true, help: "It must be there already." },
    {
      name: "prefix",
      label: "Prefix",
      kind: "text",
      required: false,
      help: "Folder in the bucket, without slashes around it. Behind it come organisation, year, month and day.",
    },
    {
      name: "addressing",
      label: "Bucket in the address",
      kind: "choice",
      required: false,
      default: "path",
      options: [
        { value: "path", label: "As a folder (path style)" },
        { value: "virtual_host", label: "In front of the host name (virtual-hosted style)" },
      ],
      help: "Amazon takes both for most buckets, most other services the first.",
    },
    {
      name: "access_key_id",
      label: "Access key ID",
      kind: "text",
      required: true,
      help: "Needs nothing but s3:PutObject below the prefix, and s3:PutObjectRetention for a lock.",
    },
    {
      name: "secret_access_key",
      label: "Secret access key",
      kind: "secret",
      required: true,
      help: "Of that access key.",
    },
    {
      name: "session_token",
      label: "Session token",
      kind: "secret",
      required: false,
      help: "Of temporary keys alone; the stream stops when they end.",
    },
    {
      name: "object_lock_mode",
      label: "Object lock",
      kind: "choice",
      required: false,
      options: [
        { value: "governance", label: "Governance" },
        { value: "compliance", label: "Compliance: nobody can shorten it" },
      ],
      help: "Retention of each object, in a bucket made with object lock.",
    },
    {
      name: "object_lock_days",
      label: "Days of object lock",
      kind: "number",
      required: false,
      help: "How long each object is kept from the day that it is sent on.",
    },
  ],
  syslog: [
    { name: "host", label: "Host", kind: "text", required: true, help: "Name or address, as in its certificate." },
    { name: "port", label: "Port", kind: "number", required: false, default: 6514, help: "Syslog over TLS has 6514." },
    {
      name: "ca",
      label: "Certificate authority",
      kind: "multiline",
      required: false,
      help: "Certificates (PEM) of the authorities that may have signed the server's; the public ones when left out.",
    },
    {
      name: "client_certificate",
      label: "Client certificate",
      kind: "multiline",
      required: false,
      help: "PEM, with those between it and its authority; for a server that asks who its client is.",
    },
    {
      name: "client_key",
      label: "Key of the client certificate",
      kind: "secret",
      lines: true,
      required: false,
      help: "PEM, without a password.",
    },
  ],
  otlp: [
    {
      name: "endpoint",
      label: "Endpoint",
      kind: "url",
      required: true,
      help: "Of the collector, without /v1/logs, which is added.",
    },
    {
      name: "headers",
      label: "Headers",
      kind: "secret",
      lines: true,
      required: false,
      help: "One a line, like Authorization: Bearer TOKEN.",
    },
  ],
};
