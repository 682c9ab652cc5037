/// <reference types="next/types/global" />
import type { Provider } from "./define";

/** The code of providers that have some, each loaded by the page that is about it. */
const folders = import.meta.glob<{ definition: Provider }>("./*/definition.ts");

const begun = new Map<string, Promise<Provider | undefined>>();

/** One and the same promise for an id, as React wants it. Its folder is its id in kebab case. */
export function loadNative(id: string): Promise<Provider | undefined> {
  const known = begun.get(id);
  if (known) return known;
  const load = folders[`./${id.replaceAll("_", "-")}/definition.ts`];
  const loading = load ? load().then(({ definition }) => definition) : Promise.resolve(undefined);
  // What could not be loaded is tried again by the next page.
  loading.catch(() => begun.delete(id));
  begun.set(id, loading);
  return loading;
}
