import { CircleCheck, CircleDashed, CircleX, type LucideIcon, Minus, TriangleAlert, Unplug } from "lucide-react";
import { cn } from "@/components/ui/class-names";
import { Time } from "@/components/ui/time";
import type { Outcome } from "@/lib/providers/report";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { isTestable, outcomeMessages, sentence } from "./messages";
import { useOwnKinds } from "./own-kinds";

export const outcomeIcons: Record<Outcome, LucideIcon> = {
  ok: CircleCheck,
  degraded: TriangleAlert,
  failed: CircleX,
  unreachable: Unplug,
};

export const toneText = {
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  plain: "text-soft",
  accent: "text-accent",
};

type Shown = Pick<CredentialView, "health" | "provider" | "type" | "config">;

/** How it stands with a credential: a sign, a word, since when, and why. */
export function Health({ view, oneLine = false }: { view: Shown; oneLine?: boolean }) {
  const own = useOwnKinds();
  const { health } = view;
  if (!health) return <Unknown testable={isTestable(view, own)} />;
  const { word, tone } = outcomeMessages[health.outcome];
  const Icon = outcomeIcons[health.outcome];
  const why = [health.reason && sentence(health.reason), !health.current && "Older values"].filter(Boolean).join(" · ");
  return (
    <span className="flex min-w-0 items-start gap-1.5" {...(why && { title: why })}>
      <Icon aria-hidden className={cn("mt-px size-4 shrink-0", health.current ? toneText[tone] : "text-soft")} />
      <span className="min-w-0">
        <span className="block truncate">
          <span className={cn("font-medium", health.current ? toneText[tone] : "text-soft")}>{word}</span>
          <span className="text-soft text-xs">
            {" "}
            <Time at={health.testedAt} />
          </span>
        </span>
        {why && <span className={oneLine ? "sr-only" : "block truncate text-soft text-xs"}>{why}</span>}
      </span>
    </span>
  );
}

const Unknown = ({ testable }: { testable: boolean }) => (
  <span className="flex items-center gap-1.5 text-soft">
    {testable ? <CircleDashed aria-hidden className="size-4" /> : <Minus aria-hidden className="size-4" />}
    <span className="truncate">{testable ? "Not tested" : "Cannot be tested"}</span>
  </span>
);
