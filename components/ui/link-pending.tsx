"use client";

import { useLinkStatus } from "next/link";
import { PendingLine } from "./pending-line";

/** Stands inside a link: across the top of the screen while the page behind it is on its way. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return pending ? <PendingLine className="fixed inset-x-0 top-0 z-50" /> : null;
}
