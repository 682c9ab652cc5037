import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}

export const PageHeader = ({ title, description, actions, above }: Props) => (
  <header className="mb-4 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
    <div className="min-w-0">
      {above}
      <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{title}</h1>
      {description !== undefined && <p className="mt-0.5 max-w-prose text-soft">{description}</p>}
    </div>
    {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
  </header>
);
