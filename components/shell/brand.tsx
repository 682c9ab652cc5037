import { KeyRound } from "lucide-react";

export const Brand = () => (
  <span className="inline-flex items-center gap-2 font-semibold text-lg tracking-tight">
    <span className="grid size-7 place-items-center rounded-md bg-accent text-on-accent">
      <KeyRound aria-hidden className="size-4" />
    </span>
    Latchkey
  </span>
);
