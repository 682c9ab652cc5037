import type { ComponentProps } from "react";
import { cn } from "./class-names";
import { PendingLine } from "./pending-line";

export const Table = ({ className, ...props }: ComponentProps<"table">) => (
  <table {...props} className={cn("w-full border-separate border-spacing-0 text-sm", className)} />
);

export const HeaderCell = ({ className, ...props }: ComponentProps<"th">) => (
  <th
    scope="col"
    {...props}
    className={cn(
      "h-9 whitespace-nowrap border-line border-b bg-sunken/70 px-2.5 text-left font-medium text-soft text-xs first:rounded-tl-lg last:rounded-tr-lg",
      className,
    )}
  />
);

export const Row = ({ className, ...props }: ComponentProps<"tr">) => (
  <tr {...props} className={cn("group/row hover:bg-sunken/45", className)} />
);

export const Cell = ({ className, ...props }: ComponentProps<"td">) => (
  <td {...props} className={cn("border-line border-b px-2.5 py-2 align-middle group-last/row:border-b-0", className)} />
);

/**
 * The frame a table stands in; its width is 100cqw to what is inside.
 * @param busy other rows are on their way; those that are there stay as legible as they were
 */
export const TableFrame = ({ className, children, busy, ...props }: ComponentProps<"div"> & { busy?: boolean }) => (
  <div {...props} className={cn("@container relative rounded-lg border border-line bg-surface", className)}>
    {busy && <PendingLine className="absolute inset-x-0 -top-px z-20 rounded-t-lg" />}
    {children}
  </div>
);
