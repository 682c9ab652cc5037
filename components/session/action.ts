import type { ActionResult } from "@/lib/http/public-error";

/** What a page hands its components to write with. */
export type Action<Input, Output> = (input: Input) => Promise<ActionResult<Output>>;
