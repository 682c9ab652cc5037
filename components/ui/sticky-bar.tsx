import type { ReactNode } from "react";

interface Props {
  /** What is so just now; read out when it changes. */
  status?: ReactNode;
  children: ReactNode;
}

/** Under a long form, always in view: how things stand, and what can be done now. */
export const StickyBar = ({ status, children }: Props) => (
  <div className="sticky bottom-0 z-10 -mx-4 mt-5 -mb-5 flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-line border-t bg-page/95 px-4 py-3 backdrop-blur max-sm:gap-x-2 md:-mx-6 md:px-6">
    <div role="status" className="mr-auto flex min-w-0 items-center gap-1.5 text-sm max-sm:basis-full">
      {status}
    </div>
    {children}
  </div>
);
