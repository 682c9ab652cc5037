import type { ReactNode } from "react";

/** Names and what they stand for, in two columns where there is room. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="grid gap-x-6 gap-y-2.5 sm:grid-cols-[minmax(8rem,11rem)_1fr]">{children}</dl>
);

export const Fact = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <>
    <dt className="text-soft max-sm:-mb-2">{name}</dt>
    <dd className="wrap-anywhere min-w-0">{children}</dd>
  </>
);
