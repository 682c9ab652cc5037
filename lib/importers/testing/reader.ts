import { builtEntry } from "@/lib/testing/bundle";
import { setReaderPath } from "../worker/child";

/** Lets this test file use the reader that production uses, which the run has built. Answers how to forget it again. */
export async function buildReader(): Promise<() => void> {
  setReaderPath(builtEntry("reader"));
  return () => setReaderPath(undefined);
}
