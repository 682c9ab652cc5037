import { refusalOf } from "@/components/feed";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

interface Props {
  list: {
    isError: boolean;
    error: unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    refetch: () => Promise<unknown>;
    fetchNextPage: () => Promise<unknown>;
  };
  shown: number;
  total: number | undefined;
}

/** How many there are, and the way to more of them. */
export function ListFoot({ list, shown, total }: Props) {
  if (shown === 0) return null;
  const all = total === undefined ? "" : ` of ${Math.max(total, shown)}`;
  return (
    <div className="mt-3 space-y-2">
      {list.isError && (
        <Callout
          tone="bad"
          live
          title={refusalOf(list.error).message}
          actions={
            <Button size="small" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        />
      )}
      <div className="flex items-center gap-3 text-soft text-sm">
        <p role="status">
          {shown}
          {all} shown{list.hasNextPage ? "" : ", that is all"}
        </p>
        {list.hasNextPage && (
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </div>
  );
}
