import type { ReactNode } from "react";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell } from "@/components/ui/table";

/** A row that is one cell: what stands in a table instead of rows. */
export const WholeRow = ({ columns, children }: { columns: number; children: ReactNode }) => (
  <tr>
    <td colSpan={columns}>{children}</td>
  </tr>
);

/** As many rows as fit, in the size of real ones. The first column is the widest. */
export const LoadingRows = ({ columns, rows = 12 }: { columns: (string | undefined)[]; rows?: number }) =>
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
  columns: number;
  error: unknown;
  retry: () => void;
}

/** An error that leaves the rest of the page in use. */
export function FailedRows({ columns, error, retry }: FailedProps) {
  const refusal = refusalOf(error);
  return (
    <WholeRow columns={columns}>
      <div className="p-4">
        <RefusalCallout
          error={refusal}
          actions={
            refusal.code === "unauthenticated" ? (
              <Button asChild size="small">
                <a href="/sign-in">Sign in</a>
              </Button>
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
