import type { Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { type CredentialValues, storedValues } from "./values";

type Part = Record<string, string | boolean | undefined>;

/**
 * What the form would hold if the edit had begun at the newer state: fields one touched keep what one typed, the
 * others show what is stored now.
 */
export function rebase(
  mine: CredentialValues,
  from: CredentialView,
  onto: CredentialView,
  methods: Method[],
): CredentialValues {
  const before = storedValues(from, methods);
  const after = storedValues(onto, methods);
  const merge = <T extends Part>(now: T, old: T, fresh: T): T => {
    const names = [...new Set([...Object.keys(now), ...Object.keys(fresh)])];
    return Object.fromEntries(names.map((name) => [name, now[name] === old[name] ? fresh[name] : now[name]])) as T;
  };
  const { data, secrets, ...clear } = mine;
  const { data: oldData, secrets: oldSecrets, ...oldClear } = before;
  const { data: newData, secrets: newSecrets, ...newClear } = after;
  return {
    ...merge(clear, oldClear, newClear),
    data: merge(data, oldData, newData),
    // A secret that somebody else cleared has nothing to keep any more.
    secrets: Object.fromEntries(Object.keys(newSecrets).map((name) => [name, secrets[name] ?? "keep"])),
  };
}
