import { refusalOf } from "@/components/feed";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

/** A page knows whether another one follows. */
type ListPage = { remaining: number } | { next: string | null };

interface Props {
  list: {
    data: { pages: ListPage[] } | undefined;
    isError: boolean;
    error: unknown;
    isPlaceholderData: boolean;
    isFetchingNextPage: boolean;
    refetch: () => Promise<unknown>;
    fetchNextPage: () => Promise<unknown>;
  };
  shown: number;
  total: number | undefined;
}

/** How many there are, and the way to more of them. What is said outlives every change, so that it is read out. */
export function ListFoot({ list, shown, total }: Props) {
  const more = goesOn(list.data?.pages.at(-1));
  return (
    <div className={shown === 0 ? "sr-only" : "mt-3 space-y-2"}>
      {list.isError && shown > 0 && (
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
        <p role="status">{words()}</p>
        {shown > 0 && more && (
          <Button
            size="small"
            busy={list.isFetchingNextPage || list.isPlaceholderData}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
    </div>
  );

  function words(): string {
    if (!list.data) return "";
    // The rows are still those of the question before.
    if (list.isPlaceholderData) return "Looking…";
    if (shown === 0) return "Nothing found";
    const all = total === undefined ? "" : ` of ${Math.max(total, shown)}`;
    return `${shown}${all} shown${more ? "" : ", that is all"}`;
  }
}

/** Read off the last page: while other rows are on their way, the library speaks of theirs, which it does not know yet. */
const goesOn = (last: ListPage | undefined): boolean =>
  last !== undefined && ("remaining" in last ? last.remaining > 0 : last.next !== null);
