"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, EllipsisVertical, Pencil, PlugZap, RefreshCw, Trash2 } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { LinkPending } from "@/components/ui/link-pending";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { type CredentialActions, type CredentialRights, mayChange, mayDelete, mayTest } from "../credential-actions";
import { isTestable, rotates } from "../messages";
import { useOwnKinds } from "../own-kinds";
import { usesOptions } from "../queries";
import { keys } from "../query-keys";

interface Props {
  view: CredentialView;
  rights: CredentialRights;
  setActive: CredentialActions["setActive"];
  /** Asked first, where somebody would miss it. */
  onDisable: () => void;
  onTest: () => void;
  onRotate: () => void;
  onDelete: () => void;
}

export function HeaderActions({ view, rights, setActive, onDisable, onTest, onRotate, onDelete }: Props) {
  const own = useOwnKinds();
  const queries = useQueryClient();
  const uses = useInfiniteQuery(usesOptions(view.id));
  // Without knowing what uses it, the careful way is taken.
  const asks = view.active && uses.data?.pages[0]?.total !== 0;
  const { run, busy } = useAction(setActive, {
    onDone: (stored) => {
      queries.setQueryData(keys.one(stored.id), stored);
      toast.success(stored.active ? "Enabled" : "Disabled: nobody can fetch it until it is enabled again");
      return queries.invalidateQueries({ queryKey: keys.all });
    },
    onRefused: (error) => {
      toast.error(error.message);
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
  const Switch = view.active ? CirclePause : CirclePlay;
  return (
    <>
      {mayTest(rights, view) && isTestable(view, own) && (
        <Button onClick={onTest}>
          <PlugZap aria-hidden /> Test
        </Button>
      )}
      {mayChange(rights, view) && (
        <>
          {rotates(view) && (
            <Button onClick={onRotate}>
              <RefreshCw aria-hidden /> Rotate <span className="max-sm:sr-only">{rotates(view)}</span>
            </Button>
          )}
          <Button asChild variant="primary">
            <Link href={`/credentials/${view.id}/edit`}>
              <Pencil aria-hidden /> Edit
              <LinkPending />
            </Link>
          </Button>
          <Menu
            trigger={
              <Button size="icon" className="size-9" aria-label="More actions">
                <EllipsisVertical aria-hidden />
              </Button>
            }
          >
            <MenuItem
              disabled={busy}
              onSelect={() =>
                asks ? onDisable() : run({ id: view.id, active: !view.active, expectedVersion: view.version })
              }
            >
              <Switch aria-hidden /> {asks ? "Disable…" : view.active ? "Disable" : "Enable"}
            </MenuItem>
            {mayDelete(rights, view) && (
              <>
                <MenuLine />
                <MenuItem className="text-bad" onSelect={onDelete}>
                  <Trash2 aria-hidden /> Delete…
                </MenuItem>
              </>
            )}
          </Menu>
        </>
      )}
    </>
  );
}
