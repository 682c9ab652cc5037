import { setReaderPath } from "@/lib/importers/worker/child";
import { builtEntry } from "@/test/bundle";

/** Lets this test file use the reader that production uses, which the run has built. Answers how to forget it again. */
export async function buildReader(): Promise<() => void> {
  setReaderPath(builtEntry("reader"));
  return () => setReaderPath(undefined);
}
