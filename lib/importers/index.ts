/// <reference types="next/types/global" />
import "server-only";
import type { SourceDefinition } from "./define";

/**
 * Moving in: takes over what other systems kept. It promises that a preview judges each row exactly as the import does,
 * that nothing read is written to disk or log, and that what is here already is never changed.
 */
export { FILE_MAX_BYTES, type SourceDefinition } from "./define";
export { type ImportRequest, type StartedImport, startImport } from "./run";

const found = import.meta.glob<{ definition: SourceDefinition }>("./*/definition.ts", { eager: true });

/** Where credentials can come from: each folder beside this file that holds a `definition.ts`. By label. */
export const sources: readonly SourceDefinition[] = Object.values(found)
  .map(({ definition }) => definition)
  .sort((a, b) => a.label.localeCompare(b.label, "en"));
