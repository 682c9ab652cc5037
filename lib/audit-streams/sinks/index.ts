/** The receivers of audit streams: what each is told about, and how a batch gets there. */

export { type SinkKind, sinkKinds } from "@/lib/vocabulary/audit-sink";
export { deliver, tryOut } from "./deliver";
export { publicSettings, readSettings, withKeptSecrets } from "./secrets";
export { type SinkSettings, sinkSettings } from "./settings";
