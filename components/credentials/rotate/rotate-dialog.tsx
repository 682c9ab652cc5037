"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { CredentialView, RotationView } from "@/lib/vocabulary/credential-view";
import type { CredentialActions } from "../credential-actions";
import { rotates } from "../messages";
import { rotationOptions } from "../queries";
import { RotationReport } from "./rotation-report";
import { beforehand } from "./rotation-status";
import { useRotation } from "./use-rotation";

interface Props {
  view: CredentialView;
  callOff: CredentialActions["callOff"];
  onClose: () => void;
}

/** Says what will happen, shows it as it happens, and what is left to do where the server leaves something to people. */
export function RotateDialog({ view, callOff, onClose }: Props) {
  const kind = rotates(view) ?? "password";
  const newest = useQuery(rotationOptions(view.id));
  const { run, start, forget } = useRotation(view.id);
  const [begun, setBegun] = useState(false);
  const ending = useAction(callOff, {
    onDone: async () => {
      forget();
      setBegun(true);
      await newest.refetch();
    },
  });
  const open = newest.data && isOpen(newest.data) ? newest.data : undefined;
  // One that ended before this dialog opened is history: the activity tells of it.
  const shown = open ?? (begun && newest.data ? newest.data : undefined);
  const running = run.phase === "running";
  const go = () => {
    setBegun(true);
    ending.reset();
    void start(view.version);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Rotate the ${kind} of “${view.name}”`}
      description={view.summary}
      footer={
        <>
          {open && !running && mayCallOff(open) && (
            <Button busy={ending.busy} onClick={() => ending.run({ id: view.id })}>
              Call off
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
          {(!shown || open || run.phase === "refused") && (
            <Button variant="primary" busy={running} disabled={newest.isPending} onClick={go}>
              {!running && <RefreshCw aria-hidden />} {goWords(open, kind)}
            </Button>
          )}
        </>
      }
    >
      <div className="min-h-40 space-y-3">
        {ending.error && <RefusalCallout error={ending.error} />}
        {newest.isPending && <Skeleton className="h-16" />}
        {newest.isError && <RefusalCallout error={refusalOf(newest.error)} />}
        {!shown && !running && <Beforehand kind={kind} />}
        <RotationReport run={run} rotation={shown} />
      </div>
    </Dialog>
  );
}

const Beforehand = ({ kind }: { kind: "password" | "key" }) => (
  <>
    <p>{beforehand[kind].what}</p>
    <Callout tone="warn">{beforehand[kind].others}</Callout>
  </>
);

const isOpen = ({ state }: RotationView): boolean => ["waiting", "unsettled", "running"].includes(state);

const mayCallOff = ({ state, reason }: RotationView): boolean =>
  state === "waiting" || (state === "unsettled" && (reason === "neither_works" || reason === "does_not_open"));

function goWords(open: RotationView | undefined, kind: "password" | "key"): string {
  if (open?.state === "waiting") return "Verify and switch";
  return open ? "Look again" : `Rotate the ${kind}`;
}
