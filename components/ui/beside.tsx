import type { ReactNode } from "react";

/** A form's fields, and what belongs to them beside them where there is room, else behind them. */
export const Beside = ({ children, aside }: { children: ReactNode; aside: ReactNode }) => (
  // The bar at the bottom must not cover what gets the focus.
  <div className="[&_:is(input,select,textarea,button)]:scroll-mb-24 grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,38rem)_minmax(18rem,28rem)]">
    <div className="min-w-0 space-y-5">{children}</div>
    {aside}
  </div>
);
