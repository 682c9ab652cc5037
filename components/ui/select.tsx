import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./class-names";
import { inputShell } from "./input";

/** The platform's own list: works by keyboard, by touch and with every screen reader. */
export const Select = ({ className, children, ...props }: ComponentProps<"select">) => (
  <span className={cn("relative inline-flex w-full", className)}>
    <select
      {...props}
      className={cn(inputShell, "h-9 appearance-none truncate py-0 pr-8 pl-2.5 text-base max-md:text-lg")}
    >
      {children}
    </select>
    <ChevronDown
      aria-hidden
      className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-soft"
    />
  </span>
);
