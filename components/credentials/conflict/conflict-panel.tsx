"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { fetchFeed, refusalOf } from "@/components/feed";
import { changesFeed, credentialFeed } from "@/components/feeds/credential";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { ChangeNote } from "@/lib/credentials";
import type { Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { eventFieldLabel } from "../field-words";
import type { CredentialValues } from "../form/values";
import { keys } from "../query-keys";
import { Comparison } from "./comparison";

interface Props {
  /** The state that the edit was made from. */
  base: CredentialView;
  mine: CredentialValues;
  method: Method | undefined;
  onKeepMine: (theirs: CredentialView) => void;
  onTakeTheirs: (theirs: CredentialView) => void;
}

/** Somebody else saved first: who, when and what; and a way on that loses nothing. */
export function ConflictPanel({ base, mine, method, onKeepMine, onTakeTheirs }: Props) {
  const news = useQuery({
    queryKey: [...keys.one(base.id), "since", base.version],
    queryFn: async ({ signal }) => {
      const since = new URLSearchParams({ since: String(base.version) });
      const [theirs, notes] = await Promise.all([
        fetchFeed(credentialFeed, `/credentials/${base.id}/feed`, undefined, signal),
        fetchFeed(changesFeed, `/credentials/${base.id}/feed/changes`, since, signal),
      ]);
      return { theirs, notes };
    },
    staleTime: 0,
    gcTime: 0,
  });
  const panel = useRef<HTMLDivElement>(null);
  // The panel answers a press on Save far below it: it has to come into view, for eyes and for screen readers.
  useEffect(() => panel.current?.focus(), []);
  return (
    <div ref={panel} tabIndex={-1} className="scroll-mt-20 outline-none">
      <Callout
        tone="warn"
        live
        title="Somebody else saved this credential while you were editing"
        actions={
          news.data ? (
            <>
              <Button size="small" variant="primary" onClick={() => onKeepMine(news.data.theirs)}>
                Put my changes on top of theirs
              </Button>
              <Button size="small" onClick={() => onTakeTheirs(news.data.theirs)}>
                Drop mine, load theirs
              </Button>
            </>
          ) : (
            news.isError && (
              <Button size="small" onClick={() => void news.refetch()}>
                Try again
              </Button>
            )
          )
        }
      >
        <p>Nothing was saved and nothing you typed is lost.</p>
        {news.isPending && <Skeleton className="mt-2 h-16" />}
        {news.isError && (
          <p className="mt-2 text-bad">What changed could not be loaded: {refusalOf(news.error).message}</p>
        )}
        {news.data && (
          <>
            <Notes notes={news.data.notes} method={method} />
            <Comparison base={base} theirs={news.data.theirs} mine={mine} method={method} />
          </>
        )}
      </Callout>
    </div>
  );
}

const Notes = ({ notes, method }: { notes: ChangeNote[]; method: Method | undefined }) => (
  <ul className="mt-2 space-y-1">
    {notes.map((note) => (
      <li key={`${note.at} ${note.version}`}>
        <strong className="font-medium">{note.by}</strong>, <Time at={note.at} />
        {note.version !== null && ` (version ${note.version})`}:{" "}
        {note.fields.map((name) => eventFieldLabel(method, name)).join(", ") || note.action}
      </li>
    ))}
  </ul>
);
