import { useEffect, useState, useSyncExternalStore } from "react";

/** Dialogs that are open now, the latest last. */
let open: symbol[] = [];
const listeners = new Set<() => void>();

function change(next: symbol[]): void {
  open = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether another dialog was opened after this one: only the latest is shown, so that there is one title and one Cancel. */
export function useCovered(): boolean {
  const [own] = useState(() => Symbol("dialog"));
  useEffect(() => {
    change([...open, own]);
    return () => change(open.filter((one) => one !== own));
  }, [own]);
  return useSyncExternalStore(
    subscribe,
    () => open.includes(own) && open.at(-1) !== own,
    () => false,
  );
}
