import { bundle } from "@/lib/testing/bundle";
import { setReaderPath } from "../worker/child";

/** Bundles the reader as production does and lets this test file use it. Answers how to forget it again. */
export async function buildReader(): Promise<() => void> {
  const { path, remove } = await bundle("lib/importers/worker/entry.ts");
  setReaderPath(path);
  return () => {
    setReaderPath(undefined);
    remove();
  };
}
