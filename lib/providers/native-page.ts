import load from "@/lib/generated/catalog/native-pages";
import type { Provider } from "./define";

/**
 * The code of providers that have some, each loaded by the page that is about it. The imports are generated, one by one: from
 * a pattern the bundler makes one piece of all of them.
 */
const pages = load as Readonly<Record<string, (() => Promise<{ definition: Provider }>) | undefined>>;

const begun = new Map<string, Promise<Provider | undefined>>();

/** One and the same promise for an id, as React wants it. */
export function loadNative(id: string): Promise<Provider | undefined> {
  const known = begun.get(id);
  if (known) return known;
  const page = Object.hasOwn(pages, id) ? pages[id] : undefined;
  const loading = page ? page().then(({ definition }) => definition) : Promise.resolve(undefined);
  // What could not be loaded is tried again by the next page.
  loading.catch(() => begun.delete(id));
  begun.set(id, loading);
  return loading;
}
