import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  /** Beside the title, and no part of it. */
  aside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}

export const PageHeader = ({ title, aside, description, actions, above }: Props) => (
  <header className="mb-4 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
    <div className="min-w-0">
      {above}
      <div className="flex items-baseline gap-2">
        <h1 className="wrap-anywhere font-semibold text-xl tracking-tight outline-none">{title}</h1>
        {aside}
      </div>
      {description !== undefined && <p className="mt-0.5 max-w-prose text-soft">{description}</p>}
    </div>
    {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
  </header>
);
