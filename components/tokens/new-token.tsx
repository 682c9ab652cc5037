"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { NewTokenForm } from "./new-token-form";
import type { TokenActions, TokenOwner } from "./token-actions";
import { TokenOnce } from "./token-once";
import { tokenKeys } from "./tokens-query";

interface Props {
  owner: TokenOwner;
  ownerName: string;
  issue: TokenActions["issue"];
}

export function NewToken({ owner, ownerName, issue }: Props) {
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState<string>();
  const queries = useQueryClient();
  const { run, busy, error, reset } = useAction(issue, {
    onDone: (made) => {
      setToken(made.token);
      void queries.invalidateQueries({ queryKey: tokenKeys.all });
    },
  });
  const close = () => {
    setOpen(false);
    setToken(undefined);
    reset();
  };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New token
      </Button>
      {open && token === undefined && (
        <Dialog open onOpenChange={close} title="New API token" description={`It acts as ${ownerName}.`}>
          <NewTokenForm owner={owner} busy={busy} error={error} onSubmit={run} onCancel={close} />
        </Dialog>
      )}
      {open && token !== undefined && <TokenOnce token={token} onClose={close} />}
    </>
  );
}
