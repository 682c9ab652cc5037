import { LoaderCircle } from "lucide-react";
import { cn } from "./class-names";

/** Decoration only: whoever shows it also says in words what is going on. */
export const Spinner = ({ className }: { className?: string }) => (
  <LoaderCircle aria-hidden className={cn("size-4 animate-spin motion-reduce:animate-none", className)} />
);
