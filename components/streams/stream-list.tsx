"use client";

import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import type { StreamRow } from "@/components/feeds/streams";
import { type Column, ListTable } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { cn } from "@/components/ui/class-names";
import { Dialog } from "@/components/ui/dialog";
import { Empty } from "@/components/ui/empty";
import { Time } from "@/components/ui/time";
import { RemoveStream } from "./remove-stream";
import type { StreamActions } from "./stream-actions";
import { StreamForm } from "./stream-form";
import { type StreamDialog, StreamMenu } from "./stream-menu";
import { destinationOf, sinkLabels, stateOf } from "./stream-state";
import { streamsOptions } from "./streams-query";

/** Without actions for whoever may only look. */
export function StreamList({ actions }: { actions: StreamActions | undefined }) {
  const [open, setOpen] = useState<{ dialog: StreamDialog; stream: StreamRow } | null>(null);
  const list = useQuery(streamsOptions());
  const close = () => setOpen(null);
  return (
    <>
      <ListTable
        label="Receivers of the audit log"
        columns={columnsFor(actions, (dialog, stream) => setOpen({ dialog, stream }))}
        rows={list.data ?? []}
        keyOf={({ id }) => id}
        list={list}
        quiet
        loadingRows={2}
        empty={
          <Empty icon={Send} title="No receivers yet">
            Send the audit log on to a SIEM, a bucket or a collector, so that it is kept where nobody who looks after
            this vault can reach it.
          </Empty>
        }
      />
      {actions && open?.dialog === "edit" && (
        <Dialog
          open
          onOpenChange={close}
          title={`Edit “${open.stream.name}”`}
          description="What was not sent yet goes to where this leads. It is tried out before anything is stored."
        >
          <StreamForm stream={open.stream} actions={actions} onClose={close} />
        </Dialog>
      )}
      {actions && open?.dialog === "remove" && (
        <RemoveStream stream={open.stream} remove={actions.remove} onClose={close} />
      )}
    </>
  );
}

const onFirstLine = (stream: StreamRow) => cn(stream.lastError && "pt-3 align-top");

const columnsFor = (
  actions: StreamActions | undefined,
  onOpen: (dialog: StreamDialog, stream: StreamRow) => void,
): Column<StreamRow>[] => [
  {
    id: "name",
    head: "Name and destination",
    className: "w-auto",
    cellClass: (stream) => cn(stream.lastError && "align-top"),
    cell: (stream) => (
      <>
        <span className="wrap-anywhere block font-medium text-base">{stream.name}</span>
        <span className="wrap-anywhere block text-soft text-xs">
          {sinkLabels[stream.kind]} · {destinationOf(stream)}
        </span>
        {stream.lastError && (
          // As wide as the frame, over the empty rest of the row.
          <div className="relative mt-1.5 mb-1 w-[calc(100cqw-1.25rem)]">
            <Callout tone="bad">
              {stream.lastError.message}
              {stream.nextAttemptAt && stream.enabled && (
                <>
                  {" "}
                  Next try: <Time at={stream.nextAttemptAt} />
                </>
              )}
            </Callout>
          </div>
        )}
      </>
    ),
  },
  {
    id: "state",
    head: "State",
    className: "w-44",
    cellClass: onFirstLine,
    cell: (stream) => {
      const { word, tone } = stateOf(stream);
      return (
        <>
          <Badge tone={tone}>{word}</Badge>
          {stream.lagEvents > 0 && (
            <span className="block text-soft text-xs md:hidden">{countOf(stream.lagEvents)} waiting</span>
          )}
        </>
      );
    },
  },
  {
    id: "waiting",
    head: "Waiting",
    className: "w-40 max-md:hidden",
    cellClass: (stream) => cn("tabular-nums", onFirstLine(stream)),
    cell: ({ lagEvents, lagSeconds }) =>
      lagEvents === 0 ? (
        <span className="text-soft">Nothing</span>
      ) : (
        <>
          {countOf(lagEvents)}
          <span className="block text-soft text-xs">for {durationOf(lagSeconds)}</span>
        </>
      ),
  },
  {
    id: "delivered",
    head: "Last delivered",
    className: "w-32 max-md:hidden",
    cellClass: onFirstLine,
    cell: ({ lastDeliveredAt }) =>
      lastDeliveredAt ? <Time at={lastDeliveredAt} /> : <span className="text-soft">Never</span>,
  },
  ...(actions
    ? [
        {
          id: "actions",
          head: "Actions",
          headHidden: true,
          className: "w-11 px-1",
          cellClass: (stream: StreamRow) => cn("py-0", stream.lastError && "pt-1.5 align-top"),
          cell: (stream: StreamRow) => (
            <StreamMenu stream={stream} actions={actions} onOpen={(dialog) => onOpen(dialog, stream)} />
          ),
        },
      ]
    : []),
];

const countOf = (events: number) => (events === 1 ? "1 event" : `${events.toLocaleString("en-GB")} events`);

/** As coarse as it is long. */
function durationOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
