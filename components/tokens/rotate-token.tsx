"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { tokenLabel } from "./messages";
import type { TokenActions, TokenRow } from "./token-actions";
import { TokenOnce } from "./token-once";
import { tokenKeys } from "./tokens-query";

/** For how long the old secret goes on working, in seconds. */
const overlaps = [
  { value: "0", label: "Ends at once" },
  { value: "3600", label: "Works for another hour" },
  { value: "86400", label: "Works for another day" },
  { value: "604800", label: "Works for 7 more days" },
  { value: "2592000", label: "Works for 30 more days" },
];

interface Props {
  token: TokenRow;
  rotate: TokenActions["rotate"];
  onClose: () => void;
}

/** Asks how long old and new are to work side by side, and then shows the new one. */
export function RotateToken({ token, rotate, onClose }: Props) {
  // Programs are moved one by one; a secret that can be guessed is better gone.
  const overlapping = token.hasSecret && !token.weak;
  const [overlap, setOverlap] = useState(overlapping ? "86400" : "0");
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: tokenKeys.all });
  const { run, busy, error, made } = useRotation(rotate, refresh);
  if (made) {
    const old = overlap === "0" ? undefined : made.view.superseded[0]?.until;
    return <TokenOnce token={made.token} oldUntil={old} onClose={onClose} />;
  }
  const { id, own, version } = token;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Rotate “${tokenLabel(token)}”`}
      description="It gets a new secret, which is shown once. Its name, owner and scopes stay."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={busy}
            onClick={() => run({ id, own, overlapSeconds: Number(overlap), expectedVersion: version })}
          >
            Rotate
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        {token.hasSecret && (
          <Field
            label="The old secret"
            help={
              overlap === "0"
                ? "Whatever still sends it stops working within a second."
                : "Until then both work, and the list shows whether the old one is still used. It can be ended early."
            }
          >
            {(wiring) => (
              <Select {...wiring} value={overlap} onChange={(event) => setOverlap(event.target.value)}>
                {overlaps.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}

function useRotation(rotate: TokenActions["rotate"], refresh: () => void) {
  const [made, setMade] = useState<{ token: string; view: { superseded: { until: string }[] } }>();
  const action = useAction(rotate, {
    onDone: (result) => {
      setMade(result);
      refresh();
    },
    onRefused: refresh,
  });
  return { ...action, made };
}
