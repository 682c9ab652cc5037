import { CircleCheck, CircleMinus, CircleX, type LucideIcon, TriangleAlert } from "lucide-react";
import { cn } from "@/components/ui/class-names";
import { took } from "@/components/ui/time-words";
import type { TestStep } from "@/lib/providers/report";

const looks: Record<TestStep["status"], { icon: LucideIcon; word: string; className: string }> = {
  ok: { icon: CircleCheck, word: "passed", className: "text-good" },
  warning: { icon: TriangleAlert, word: "passed with a warning", className: "text-warn" },
  failed: { icon: CircleX, word: "failed", className: "text-bad" },
  skipped: { icon: CircleMinus, word: "not reached", className: "text-soft" },
};

/** A step of a connection test, or of a rotation. */
type Shown = Omit<TestStep, "id"> & { id: string };

/** What was done, step by step. */
export const StepList = ({ steps }: { steps: Shown[] }) => (
  <ol className="space-y-2">
    {steps.map((step) => (
      <StepItem key={step.id} step={step} />
    ))}
  </ol>
);

function StepItem({ step }: { step: Shown }) {
  const { icon: Icon, word, className } = looks[step.status];
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", className)} />
      <div className="min-w-0 flex-1">
        <p className="flex justify-between gap-3">
          <span className={cn(step.status === "skipped" && "text-soft", step.status === "failed" && "font-medium")}>
            {step.label}
            <span className="sr-only">: {word}</span>
          </span>
          {step.status !== "skipped" && (
            <span className="shrink-0 text-soft text-xs tabular-nums">{took(step.durationMs)}</span>
          )}
        </p>
        {step.detail && <p className="wrap-anywhere text-soft text-sm">{step.detail}</p>}
        {step.meaning && <p className={cn("wrap-anywhere mt-0.5 text-sm", className)}>{step.meaning}</p>}
        {step.advice && <p className="wrap-anywhere mt-0.5 text-sm">{step.advice}</p>}
      </div>
    </li>
  );
}
