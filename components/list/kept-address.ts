import { useSyncExternalStore } from "react";

const never = () => () => {};
const keyOf = (path: string) => `latchkey-list:${path}`;

/** Keeps how a list was filtered and ordered, for the way back to it; for this tab alone, and no longer than that. */
export function keepAddress(path: string, search: string): void {
  try {
    sessionStorage.setItem(keyOf(path), search);
  } catch {
    // A browser that keeps nothing leads back to the bare list.
  }
}

/** The way to a page, as it was when this tab was there last if it is a list. */
export const useKeptAddress = (path: string): string =>
  useSyncExternalStore(
    never,
    () => path + kept(path),
    () => path,
  );

function kept(path: string): string {
  try {
    return sessionStorage.getItem(keyOf(path)) ?? "";
  } catch {
    return "";
  }
}
