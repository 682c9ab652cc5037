import { cn } from "./class-names";

/** A place that is about to be filled; it has the size of what comes, so nothing jumps. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span
    aria-hidden
    className={cn("block h-3.5 animate-pulse rounded bg-sunken motion-reduce:animate-none", className)}
  />
);
