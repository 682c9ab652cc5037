import { applyPatch, structuredPatch } from "diff";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { WrittenKind } from "@/lib/own-kinds";
import { TextComparison } from "./text-comparison";

export type EditedKind = Pick<WrittenKind, "id" | "version" | "text" | "modifiedBy" | "updatedAt">;

interface Props {
  /** The text that the edit was made from. */
  base: string;
  mine: string;
  /** What is stored now; absent until that is known. */
  theirs: EditedKind | undefined;
  /** Goes on from their version with this text. */
  onSettle: (text: string) => void;
}

/** Somebody else saved the definition first: who, when and what; and a way on that loses nothing. */
export function KindConflict({ base, mine, theirs, onSettle }: Props) {
  return (
    <Callout
      tone="warn"
      live
      title="Somebody else saved this kind while you were editing"
      actions={
        theirs && (
          <>
            <KeepMine base={base} mine={mine} theirs={theirs.text} onSettle={onSettle} />
            <Button size="small" onClick={() => onSettle(theirs.text)}>
              Drop mine, load theirs
            </Button>
          </>
        )
      }
    >
      <p>Nothing was saved and nothing you typed is lost.</p>
      {!theirs && <Skeleton className="mt-2 h-16" />}
      {theirs && (
        <>
          <p className="mt-2">
            <strong className="font-medium">{theirs.modifiedBy}</strong>, <Time at={theirs.updatedAt} /> (version{" "}
            {theirs.version})
          </p>
          <TextComparison theirs={theirs.text} mine={mine} />
        </>
      )}
    </Callout>
  );
}

/** Changes of other lines than theirs go on top; of the same lines, only one of the two can stay. */
function KeepMine({ base, mine, theirs, onSettle }: Pick<Props, "base" | "mine" | "onSettle"> & { theirs: string }) {
  const onTop = applyPatch(theirs, structuredPatch("", "", base, mine));
  return (
    <Button size="small" variant="primary" onClick={() => onSettle(onTop === false ? mine : onTop)}>
      {onTop === false ? "Keep my text instead of theirs" : "Put my changes on top of theirs"}
    </Button>
  );
}
