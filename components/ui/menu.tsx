"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names";

interface Props {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
}

export const Menu = ({ trigger, children, align = "end", side = "bottom" }: Props) => (
  <Radix.Root modal={false}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    {/* In its place and not at the end of the page: there it would stand outside every landmark. */}
    <Radix.Content
      align={align}
      side={side}
      sideOffset={4}
      collisionPadding={8}
      className="fade-in-0 data-[state=open]:animate-in z-50 min-w-44 rounded-lg border border-line bg-surface p-1 shadow-lg"
    >
      {children}
    </Radix.Content>
  </Radix.Root>
);

export const MenuItem = ({ className, ...props }: ComponentProps<typeof Radix.Item>) => (
  <Radix.Item
    {...props}
    className={cn(
      "flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-base outline-none data-highlighted:bg-sunken data-disabled:text-soft [&_svg]:size-4 [&_svg]:shrink-0",
      className,
    )}
  />
);

export const MenuLine = () => <Radix.Separator className="my-1 h-px bg-line" />;

/** A line to read, where there is nothing to choose. */
export const MenuNote = ({ children }: { children: ReactNode }) => (
  <Radix.Item disabled className="max-w-60 px-2 py-1.5 text-soft text-sm outline-none">
    {children}
  </Radix.Item>
);
