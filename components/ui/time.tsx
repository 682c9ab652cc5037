"use client";

import { useSyncExternalStore } from "react";
import { ago, day, until } from "./time-words";
import { useInBrowser } from "./use-in-browser";

interface Clock {
  subscribe: (listener: () => void) => () => void;
  read: () => number;
}

const clocks = new Map<number, Clock>();

/** One timer for everybody who wants to be drawn again every so many milliseconds. */
function clockOf(tickMs: number): Clock {
  const known = clocks.get(tickMs);
  if (known) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const one of listeners) one();
    }, tickMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  const made = { subscribe, read: () => Math.floor(Date.now() / tickMs) * tickMs };
  clocks.set(tickMs, made);
  return made;
}

/** The time now, as coarse as asked for; whoever reads it is drawn again as it passes. */
export function useNow(tickMs = 10_000): number {
  const { subscribe, read } = clockOf(tickMs);
  return useSyncExternalStore(subscribe, read, read);
}

interface Props {
  at: string;
  /** "ago" for what was, "until" for what will be, "day" for a day, "exact" for a date and time. */
  form?: "ago" | "until" | "day" | "exact";
}

export function Time({ at, form = "ago" }: Props) {
  const now = useNow();
  const inBrowser = useInBrowser();
  const exact = inBrowser ? local.format(new Date(at)) : `${at.slice(0, 16).replace("T", " ")} UTC`;
  // The server does not know where the reader is: it writes UTC's day, as the first draw in the browser has to.
  const zone = inBrowser ? undefined : "UTC";
  const texts = {
    ago: () => ago(at, now, zone),
    until: () => until(at, now, zone),
    day: () => day(at, zone),
    exact: () => exact,
  };
  const text = texts[form]();
  return (
    <time dateTime={at} title={exact} className="whitespace-nowrap tabular-nums" suppressHydrationWarning>
      {text}
    </time>
  );
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
