import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./class-names";

const looks = {
  info: { icon: Info, className: "border-accent/30 bg-accent-soft", mark: "text-accent" },
  good: { icon: CircleCheck, className: "border-good/30 bg-good-soft", mark: "text-good" },
  warn: { icon: TriangleAlert, className: "border-warn/35 bg-warn-soft", mark: "text-warn" },
  bad: { icon: CircleAlert, className: "border-bad/35 bg-bad-soft", mark: "text-bad" },
};

interface Props {
  tone: keyof typeof looks;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
  className?: string;
}

export function Callout({ tone, title, children, actions, live = false, className }: Props) {
  const { icon: Icon, className: ground, mark } = looks[tone];
  return (
    <div
      {...(live && { role: tone === "bad" ? "alert" : "status" })}
      className={cn("flex gap-2.5 rounded-lg border p-3", ground, className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", mark)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children !== undefined && <div className="text-sm">{children}</div>}
        {actions && <div className="flex flex-wrap gap-2 pt-1.5">{actions}</div>}
      </div>
    </div>
  );
}
