"use client";

import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell } from "@/components/ui/table";

/**
 * What stands in a table instead of rows. It is as wide as the frame and spans no columns: some are hidden on small
 * screens, and spanning those would bring their room back.
 */
export const WholeRow = ({ children }: { children: ReactNode }) => (
  <tr>
    <td>
      <div className="w-[100cqw]">{children}</div>
    </td>
  </tr>
);

/** As many rows as fit, in the size of real ones. The first column is the widest. */
export const LoadingRows = ({ columns, rows = 6 }: { columns: (string | undefined)[]; rows?: number | undefined }) =>
  Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same and never move
    <tr key={row}>
      {columns.map((className, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
        <Cell key={column} className={className}>
          <Skeleton className={column === 0 ? "my-1.5 w-3/5" : "my-1.5 w-4/5"} />
        </Cell>
      ))}
    </tr>
  ));

interface FailedProps {
  error: unknown;
  retry: () => void;
}

/** An error that leaves the rest of the page in use. */
export function FailedRows({ error, retry }: FailedProps) {
  const refusal = refusalOf(error);
  return (
    <WholeRow>
      <div className="p-4">
        <RefusalCallout
          error={refusal}
          actions={
            refusal.code === "unauthenticated" ? (
              <SignInLink />
            ) : (
              <Button size="small" onClick={retry}>
                Try again
              </Button>
            )
          }
        />
      </div>
    </WholeRow>
  );
}

/** Back to this very list afterwards, filters and all. */
function SignInLink() {
  const path = usePathname();
  const params = useSearchParams();
  const next = params.size > 0 ? `${path}?${params}` : path;
  return (
    <Button asChild size="small">
      <a href={`/sign-in?next=${encodeURIComponent(next)}`}>Sign in</a>
    </Button>
  );
}
