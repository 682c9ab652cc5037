import { type ReactNode, useId } from "react";
import { cn } from "./class-names";

interface Props {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A titled part of a page. */
export function Card({ title, description, actions, children, className }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn("min-w-0 rounded-lg border border-line bg-surface", className)}>
      <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3.5 pb-1">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          {description !== undefined && <p className="mt-0.5 text-soft text-sm">{description}</p>}
        </div>
        {actions}
      </header>
      <div className="px-4 pt-2 pb-4">{children}</div>
    </section>
  );
}
