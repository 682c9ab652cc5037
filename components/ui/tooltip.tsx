"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={250}>{children}</Radix.Provider>
);

/** More about what one points at or focuses. The trigger must be focusable; what must be known is not only here. */
export const Tooltip = ({ content, children }: { content: ReactNode; children: ReactNode }) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        sideOffset={4}
        collisionPadding={8}
        className="z-50 max-w-80 rounded-md bg-ink px-2.5 py-1.5 text-page text-sm shadow-lg"
      >
        {content}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
