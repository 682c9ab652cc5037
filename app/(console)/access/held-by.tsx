import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { whatCanOptions } from "@/components/access/access-query";
import { HeldAccess } from "@/components/access/held-access";
import { UsedLately } from "@/components/access/used-lately";
import { makeQueryClient } from "@/components/query-client";
import { accessOfSubject, type Subject } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { grant, takeAway } from "./actions";
import { givesOver } from "./viewer";

interface Props {
  actor: Actor;
  subject: Subject & { name: string };
  title: string;
  /** Where nothing is given. */
  empty: ReactNode;
  /** What they worked with, in words, and what stands where that is nothing; left out where it is not shown. */
  used?: { title: string; empty: string };
}

/** What somebody may do, and what they made of it. */
export async function HeldBy({ actor, subject, title, empty, used }: Props) {
  const queries = makeQueryClient();
  await queries.prefetchQuery({ ...whatCanOptions(subject), queryFn: () => accessOfSubject(actor, subject) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <div className="space-y-5">
        <HeldAccess
          subject={subject}
          title={title}
          gives={givesOver(actor)}
          actions={{ grant, takeAway }}
          empty={empty}
        />
        {used && <UsedLately subject={subject} {...used} />}
      </div>
    </HydrationBoundary>
  );
}
