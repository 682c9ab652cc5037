/** Where an audit log can be sent. */
export const sinkKinds = ["webhook", "object_store", "syslog", "otlp"] as const;
export type SinkKind = (typeof sinkKinds)[number];
