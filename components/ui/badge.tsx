import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./class-names";

const look = cva(
  "inline-flex max-w-full items-center gap-1 rounded-full px-2 py-0.5 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        plain: "bg-sunken text-soft",
        good: "bg-good-soft text-good",
        warn: "bg-warn-soft text-warn",
        bad: "bg-bad-soft text-bad",
        accent: "bg-accent-soft text-accent",
      },
    },
    defaultVariants: { tone: "plain" },
  },
);

export type Tone = NonNullable<VariantProps<typeof look>["tone"]>;

export const Badge = ({ tone, className, ...props }: ComponentProps<"span"> & { tone?: Tone }) => (
  <span {...props} className={cn(look({ tone }), className)} />
);
