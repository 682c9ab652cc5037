import type { ComponentProps } from "react";
import { cn } from "./class-names";

const shell =
  "w-full rounded-md border border-edge bg-surface text-ink disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-soft aria-invalid:border-bad aria-invalid:ring-1 aria-invalid:ring-bad";

export const Input = ({ className, ...props }: ComponentProps<"input">) => (
  <input {...props} className={cn(shell, "h-9 px-2.5 text-base max-md:text-lg", className)} />
);

export const Textarea = ({ className, ...props }: ComponentProps<"textarea">) => (
  <textarea
    {...props}
    className={cn(shell, "min-h-24 resize-y px-2.5 py-2 font-mono text-sm max-md:text-lg", className)}
  />
);

export const inputShell = shell;
