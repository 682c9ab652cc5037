import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./class-names";
import { Spinner } from "./spinner";

const look = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      // A border that cannot be seen is drawn where grounds are not: in forced colours.
      variant: {
        primary: "border border-transparent bg-accent text-on-accent hover:bg-accent/88",
        secondary: "border border-edge/60 bg-surface text-ink hover:bg-sunken",
        quiet: "text-ink hover:bg-sunken data-[state=open]:bg-sunken",
        danger: "border border-transparent bg-bad text-on-bad hover:bg-bad/88",
        link: "h-auto px-0 text-accent underline-offset-4 hover:underline",
      },
      size: {
        normal: "h-9 px-3.5 text-base",
        small: "h-7.5 px-2.5 text-sm",
        icon: "size-8",
      },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-0" }],
    defaultVariants: { variant: "secondary", size: "normal" },
  },
);

interface Props extends ComponentProps<"button">, VariantProps<typeof look> {
  asChild?: boolean;
  /** Shows that the work is under way; the button keeps its place, its words and the focus, and does nothing. */
  busy?: boolean;
}

export function Button({ asChild, busy = false, variant, size, className, children, type, onClick, ...rest }: Props) {
  const shared = { className: cn(look({ variant, size }), className), ...rest };
  if (asChild) return <Slot.Root {...shared}>{children}</Slot.Root>;
  return (
    <button
      {...shared}
      type={busy ? "button" : (type ?? "button")}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
