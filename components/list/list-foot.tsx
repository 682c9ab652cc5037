import { refusalOf } from "@/components/feed";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

/** A page knows whether another one follows. */
type ListPage = { remaining: number } | { next: string | null };

/** What there is to know of the question that a list's rows answer. */
export interface AskedList {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  /** The rows are still those of the question before. */
  isPlaceholderData: boolean;
  refetch: () => Promise<unknown>;
  /** Its pages, or all rows at once. */
  data: { pages: ListPage[] } | readonly unknown[] | undefined;
  /** Left out where all rows come at once. */
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => Promise<unknown>;
}

interface Props {
  list: AskedList;
  shown: number;
  total: number | undefined;
  /** Nothing is said where all is well and shown. */
  quiet?: boolean | undefined;
  more?: string | undefined;
}

/** How many there are, and the way to more of them. What is said outlives every change, so that it is read out. */
export function ListFoot({ list, shown, total, quiet, more = "Show more" }: Props) {
  const pages = list.data && "pages" in list.data ? list.data.pages : [];
  const follows = goesOn(pages.at(-1));
  if (!list.isError && !follows && (quiet || !list.fetchNextPage)) return null;
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
        <p role="status">{list.fetchNextPage && words()}</p>
        {shown > 0 && follows && (
          <Button
            size="small"
            busy={list.isFetchingNextPage || list.isPlaceholderData}
            onClick={() => void list.fetchNextPage?.()}
          >
            {more}
          </Button>
        )}
      </div>
    </div>
  );

  function words(): string {
    if (!list.data) return "";
    if (list.isPlaceholderData) return "Looking…";
    if (shown === 0) return "Nothing found";
    const all = total === undefined ? "" : ` of ${Math.max(total, shown)}`;
    return `${shown}${all} shown${follows ? "" : ", that is all"}`;
  }
}

/** Read off the last page: while other rows are on their way, the library speaks of theirs, which it does not know yet. */
const goesOn = (last: ListPage | undefined): boolean =>
  last !== undefined && ("remaining" in last ? last.remaining > 0 : last.next !== null);
