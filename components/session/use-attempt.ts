"use client";

import { useRef } from "react";

export interface Attempts {
  /** The name of the attempt to do this: the same until it is done, or something else is to be done. */
  of: (input: unknown) => string;
  /** It was done: the same again is another one. */
  done: () => void;
}

/** Names for what a form sends, so that the server knows a second sending of the same by its name. */
export function useAttempt(): Attempts {
  const last = useRef<{ text: string; id: string }>(undefined);
  return {
    of: (input) => {
      const text = JSON.stringify(input);
      if (last.current?.text !== text) last.current = { text, id: newId() };
      return last.current.id;
    },
    done: () => {
      last.current = undefined;
    },
  };
}

/** A random UUID also where the page is served without TLS, on which browsers offer none. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
