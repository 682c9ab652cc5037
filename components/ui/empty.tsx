import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Says why there is nothing, and what to do about it. */
export const Empty = ({ icon: Icon, title, children, actions }: Props) => (
  <div className="flex flex-col items-center px-6 py-12 text-center">
    <span className="mb-3 grid size-10 place-items-center rounded-full bg-sunken text-soft">
      <Icon aria-hidden className="size-5" />
    </span>
    <p className="font-semibold text-base">{title}</p>
    {children !== undefined && <div className="mt-1 max-w-md text-soft">{children}</div>}
    {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
  </div>
);
