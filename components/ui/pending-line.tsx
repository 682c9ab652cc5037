import { cn } from "./class-names";

/** A line that moves, from the moment that one would wonder. It takes no room, so nothing jumps, and hides nothing. */
export const PendingLine = ({ className }: { className: string }) => (
  <span
    aria-hidden
    className={cn("h-0.5 overflow-hidden opacity-0 [animation:appear_150ms_300ms_forwards]", className)}
  >
    <span className="block h-full w-1/3 bg-accent [animation:pass_1.2s_ease-in-out_infinite]" />
  </span>
);
