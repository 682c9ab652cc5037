import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { GrantView, NamedSubject } from "@/lib/access";
import type { Right } from "@/lib/vocabulary/access";
import { rightLabels, rightMeaning, subjectIcons, subjectLabels, wordOfRights } from "./words";

/** What somebody may do, each word with what it means. */
export const Rights = ({ held }: { held: readonly Right[] }) => (
  <span className="inline-flex flex-wrap gap-1">
    {wordOfRights(held).map((right) => (
      <Badge key={right} tone={right === "manage" ? "accent" : "plain"} title={rightMeaning[right]}>
        {rightLabels[right]}
      </Badge>
    ))}
  </span>
);

export function SubjectName({ subject, isOwner = false }: { subject: NamedSubject; isOwner?: boolean }) {
  const Icon = subjectIcons[subject.kind];
  return (
    <span className="flex min-w-0 items-start gap-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-soft" />
      <span className="min-w-0">
        <span className="wrap-anywhere font-medium text-base">{subject.name}</span>{" "}
        <span className="text-soft text-xs">{subjectLabels[subject.kind]}</span>{" "}
        {isOwner && <Badge tone="accent">Owner</Badge>}
      </span>
    </span>
  );
}

/** By whom, when and what for. */
export const GivenBy = ({ grant }: { grant: GrantView }) => (
  <span className="wrap-anywhere block text-soft text-xs">
    {grant.fromBefore ? (
      <>From before grants were given one by one: nobody has decided about it yet</>
    ) : (
      <>
        By {grant.grantedBy}, <Time at={grant.grantedAt} />
        {grant.reason && `: ${grant.reason}`}
      </>
    )}
  </span>
);

export const Ends = ({ at }: { at: string | null }) =>
  at ? <Time at={at} form="until" /> : <span className="text-soft">Open end</span>;

export const LastUse = ({ at }: { at: string | null }) =>
  at ? <Time at={at} /> : <span className="text-soft">Not in 90 days</span>;
