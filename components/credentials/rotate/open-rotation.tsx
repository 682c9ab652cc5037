"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { rotationOptions } from "../queries";
import { statusLabel } from "./rotation-status";

/** Says on the page that a rotation is not finished, and leads to it. */
export function OpenRotation({ id, onOpen }: { id: string; onOpen: () => void }) {
  const { data: rotation } = useQuery(rotationOptions(id));
  if (!rotation || (rotation.state !== "waiting" && rotation.state !== "unsettled")) return null;
  const { tone, title } = statusLabel(rotation);
  return (
    <Callout
      tone={tone}
      title={title}
      className="mb-4"
      actions={
        <Button size="small" onClick={onOpen}>
          Go on with the rotation
        </Button>
      }
    >
      A rotation that {rotation.startedBy} began is not finished.
    </Callout>
  );
}
