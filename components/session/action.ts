import type { ActionResult } from "@/lib/api/http/public-error";

/**
 * What a page hands its components to write with. `attempt` is the same for each sending of one attempt, so that what is sent
 * again because no answer came is done once.
 */
export type Action<Input, Output> = (input: Input, attempt?: string) => Promise<ActionResult<Output>>;
