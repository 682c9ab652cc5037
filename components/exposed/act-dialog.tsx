"use client";

import { useRouter } from "next/navigation";
import { useRef } from "react";
import { useBulk } from "@/components/list/use-bulk";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { cn } from "@/components/ui/class-names";
import { Dialog } from "@/components/ui/dialog";
import { Spinner } from "@/components/ui/spinner";
import type { ExposedCredential } from "@/lib/access";
import type { Act, ActResult } from "./act-work";

interface Props {
  act: Act;
  /** Each once. */
  rows: ExposedCredential[];
  work: (id: string) => Promise<ActResult>;
  onClose: () => void;
}

interface Words {
  title: (count: string) => string;
  description: string;
  button: string;
}

const words: Record<Act, Words> = {
  disable: {
    title: (count) => `Disable ${count}?`,
    description:
      "Nobody can fetch them until they are enabled again. Their secrets stay stored, and work where they are for.",
    button: "Disable",
  },
  rotate: {
    title: (count) => `Rotate ${count}?`,
    description:
      "Each gets a new secret at the server that it is for. Programs that fetch it get the new one; whatever else uses the old one has to be changed by hand.",
    button: "Rotate",
  },
  take_away: {
    title: (count) => `Take access to ${count} away?`,
    description:
      "Every grant by which it reaches one of them ends at once, also those over a tag, a kind or everything. What was read before is known all the same.",
    button: "Take away",
  },
};

/** One at a time: a grant may reach several of them, and goes but once. */
const AT_ONCE = 1;

/** Asks, and then says what becomes of each; what failed can be tried again. */
export function ActDialog({ act, rows, work, onClose }: Props) {
  const router = useRouter();
  const { state, start, stop } = useBulk({ work, atOnce: AT_ONCE, endsBegun: true });
  const way = useRef<HTMLButtonElement>(null);
  const { title, description, button } = words[act];
  const failed = rows.filter(({ id }) => isFailed(state.results.get(id)));
  const isBusy = [...state.results.values()].includes("running");
  const running = state.phase === "running";
  const begin = (chosen: ExposedCredential[]) => {
    // The button that was pressed goes: the focus stays in the dialog.
    way.current?.focus();
    void start(
      chosen.map(({ id }) => id),
      state.results,
    );
  };
  const close = () => {
    stop();
    onClose();
    if (state.phase !== "idle") router.refresh();
  };
  return (
    <Dialog
      alert
      open
      onOpenChange={close}
      title={title(rows.length === 1 ? `“${rows[0]?.name}”` : `${rows.length} credentials`)}
      description={description}
      footer={
        <>
          <Button ref={way} onClick={running ? stop : close}>
            {running ? "Stop" : state.phase === "idle" ? "Cancel" : "Close"}
          </Button>
          {state.phase === "idle" && (
            <Button variant="danger" onClick={() => begin(rows)}>
              {button}
            </Button>
          )}
          {!running && !isBusy && failed.length > 0 && (
            <Button variant="primary" onClick={() => begin(failed)}>
              Try the failed ones again
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-3">
        {state.phase !== "idle" && <Sum rows={rows} state={state} failed={failed.length} />}
        <ul aria-label="Credentials" className="divide-y divide-line">
          {rows.map(({ id, name }) => (
            <li key={id} className="wrap-anywhere py-1.5">
              <span className="font-medium">{name}</span>
              <Result
                result={state.results.get(id)}
                wasRun={state.phase !== "idle"}
                isOver={state.phase === "stopped"}
              />
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

type Shown = ActResult | "running" | undefined;

const isFailed = (result: Shown) => typeof result === "object" && result.tone === "bad";

interface SumProps {
  rows: ExposedCredential[];
  state: ReturnType<typeof useBulk<ActResult>>["state"];
  failed: number;
}

function Sum({ rows, state: { phase, results }, failed }: SumProps) {
  const done = rows.filter(({ id }) => typeof results.get(id) === "object").length;
  const progress = `${done} of ${rows.length}`;
  if (phase === "running") return <Callout tone="info" live title={`${progress} gone through`} />;
  const all = rows.length === 1 ? "Gone through" : `All ${rows.length} gone through`;
  const start = phase === "stopped" ? `Stopped after ${progress}` : all;
  return (
    <Callout
      tone={failed > 0 || phase === "stopped" ? "warn" : "good"}
      live
      title={failed > 0 ? `${start}, ${failed} failed` : start}
    />
  );
}

const resultTones: Record<ActResult["tone"], string> = { good: "text-good", info: "text-soft", bad: "text-bad" };

function Result({ result, wasRun, isOver }: { result: Shown; wasRun: boolean; isOver: boolean }) {
  if (!wasRun) return null;
  if (result === "running") {
    return (
      <span className="flex items-center gap-1.5 text-sm">
        <Spinner /> Under way…
      </span>
    );
  }
  if (!result) return <span className="block text-soft text-sm">{isOver ? "Not begun" : "Waits"}</span>;
  return <span className={cn("block text-sm", resultTones[result.tone])}>{result.words}</span>;
}
