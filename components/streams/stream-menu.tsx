"use client";

import { useQueryClient } from "@tanstack/react-query";
import { EllipsisVertical, Pause, Pencil, Play, Send, Trash2 } from "lucide-react";
import { toast } from "sonner";
import type { StreamRow } from "@/components/feeds/streams";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import type { StreamActions } from "./stream-actions";
import { streamsOptions } from "./streams-query";

export type StreamDialog = "edit" | "remove";

interface Props {
  stream: StreamRow;
  actions: Pick<StreamActions, "tryOut" | "pause" | "resume">;
  onOpen: (dialog: StreamDialog) => void;
}

export function StreamMenu({ stream: { id, name, enabled }, actions, onOpen }: Props) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries(streamsOptions());
  const onRefused = ({ message }: { message: string }) => void toast.error(message);
  const trial = useAction(actions.tryOut, {
    onDone: (test) => {
      if (test.outcome === "ok") toast.success(`“${name}” took a test batch`);
      else toast.error(`“${name}” did not take a test batch. ${test.message}`);
    },
    onRefused,
  });
  const pause = useAction(actions.pause, { onDone: refresh, onRefused });
  const resume = useAction(actions.resume, { onDone: refresh, onRefused });
  return (
    <Menu
      trigger={
        <Button
          variant="quiet"
          size="icon"
          busy={trial.busy || pause.busy || resume.busy}
          aria-label={`Actions for ${name}`}
        >
          <EllipsisVertical aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={() => trial.run({ id })}>
        <Send aria-hidden /> Send a test
      </MenuItem>
      <MenuItem onSelect={() => onOpen("edit")}>
        <Pencil aria-hidden /> Edit…
      </MenuItem>
      {enabled ? (
        <MenuItem onSelect={() => pause.run({ id })}>
          <Pause aria-hidden /> Pause
        </MenuItem>
      ) : (
        <MenuItem onSelect={() => resume.run({ id })}>
          <Play aria-hidden /> Go on
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem className="text-bad" onSelect={() => onOpen("remove")}>
        <Trash2 aria-hidden /> Remove…
      </MenuItem>
    </Menu>
  );
}
