import "server-only";

/**
 * Audit logs on their way to receivers outside. It promises that every event is sent at least once and in order, that nothing is left
 * behind before its receiver has said that it has it, that whatever is sent can be checked without us, and that no secret of a
 * receiver is ever shown.
 */
export {
  createStream,
  deleteStream,
  type NewStream,
  pauseStream,
  resumeStream,
  type StreamChange,
  updateStream,
} from "./change";
export { getStream, listStreams } from "./read";
export type { SinkSettings } from "./sinks/index";
export { type StreamTest, trySettings, tryStream } from "./try-out";
export type { StreamView } from "./view";
