"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Badge } from "@/components/ui/badge";
import { Switch } from "@/components/ui/switch";
import { tokenLabel } from "./messages";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenKeys } from "./tokens-query";

interface Props {
  token: TokenRow;
  setActive: TokenActions["setActive"];
}

/** On or off, which acts within a second and can be undone. Whoever may not change it sees a word. */
export function TokenSwitch({ token, setActive }: Props) {
  const queries = useQueryClient();
  const label = tokenLabel(token);
  const refresh = () => queries.invalidateQueries({ queryKey: tokenKeys.all });
  const { run, busy } = useAction(setActive, {
    onDone: ({ active }) => {
      toast.success(active ? `“${label}” is on` : `“${label}” is off: it is refused`);
      return refresh();
    },
    onRefused: (error) => {
      toast.error(error.message);
      void refresh();
    },
  });
  if (!token.mayChange) return <Badge tone={token.active ? "good" : "plain"}>{token.active ? "On" : "Off"}</Badge>;
  return (
    <Switch
      aria-label={`“${label}” is on`}
      checked={token.active}
      aria-busy={busy}
      onCheckedChange={(active) => !busy && run({ id: token.id, own: token.own, active })}
    />
  );
}
