"use client";

import { RefusalCallout } from "@/components/session/refusal-callout";
import { Callout } from "@/components/ui/callout";
import { CopyButton } from "@/components/ui/copy-button";
import { Spinner } from "@/components/ui/spinner";
import { useNow } from "@/components/ui/time";
import type { RotationStep, RotationView } from "@/lib/vocabulary/credential-view";
import { StepList } from "../test/step-list";
import { statusLabel } from "./rotation-status";
import type { RotationRun } from "./use-rotation";

/** A rotation as it runs and where it came to. Its outcome is read out; the single steps are there to be read. */
export function RotationReport({ run, rotation }: { run: RotationRun; rotation: RotationView | undefined }) {
  if (run.phase === "running") return <Running steps={run.steps} since={run.since} />;
  return (
    <div className="space-y-3">
      {run.phase === "refused" && (
        <RefusalCallout error={run.error} extra={run.error.fields.map((field) => field.message)} />
      )}
      {rotation && <Standing rotation={rotation} />}
    </div>
  );
}

function Running({ steps, since }: { steps: RotationStep[]; since: number }) {
  const seconds = Math.max(0, Math.round((useNow(1_000) - since) / 1_000));
  return (
    <div className="space-y-2">
      <p role="status" className="sr-only">
        The rotation is running
      </p>
      <StepList steps={steps} />
      <p className="flex items-center gap-2 text-soft">
        <Spinner /> {steps.length === 0 ? "Making a new secret…" : "Next step…"}
        {seconds > 0 && <span className="text-xs tabular-nums">{seconds} s</span>}
      </p>
    </div>
  );
}

function Standing({ rotation }: { rotation: RotationView }) {
  const { tone, title, next } = statusLabel(rotation);
  const oldLeft = rotation.state === "done" && rotation.reason === "old_key_left";
  return (
    <>
      <Callout tone={tone} live title={title}>
        <p>{next}</p>
      </Callout>
      {rotation.state === "waiting" && rotation.newPublicKey && (
        <PublicKey label="The new public key" line={rotation.newPublicKey} what="the new public key" />
      )}
      {oldLeft && rotation.oldPublicKey && (
        <PublicKey label="The old public key" line={rotation.oldPublicKey} what="the old public key" />
      )}
      <StepList steps={rotation.steps} />
    </>
  );
}

const PublicKey = ({ label, line, what }: { label: string; line: string; what: string }) => (
  <figure className="space-y-1">
    <figcaption className="flex items-center justify-between gap-2 font-medium text-sm">
      {label} <CopyButton text={line} what={what} label="Copy" />
    </figcaption>
    <code className="wrap-anywhere block rounded-md bg-sunken p-2.5 font-mono text-xs">{line}</code>
  </figure>
);
