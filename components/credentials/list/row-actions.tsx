"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  CirclePause,
  CirclePlay,
  Copy,
  EllipsisVertical,
  LogIn,
  Pencil,
  PlugZap,
  SquareArrowOutUpRight,
  Trash2,
} from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import type { CredentialWithUses } from "@/lib/plugin-instances";
import { type CredentialActions, type CredentialRights, mayChange, mayDelete, mayTest } from "../credential-actions";
import { isTestable } from "../messages";
import { useOwnKinds } from "../own-kinds";
import { keys } from "../query-keys";

interface Props {
  view: CredentialWithUses;
  rights: CredentialRights;
  setActive: CredentialActions["setActive"];
  onTest: () => void;
  /** Asked first, where somebody would miss it. */
  onDisable: () => void;
  onDelete: () => void;
}

export function RowActions({ view, rights, setActive, onTest, onDisable, onDelete }: Props) {
  const own = useOwnKinds();
  const change = mayChange(rights, view);
  return (
    <Menu
      trigger={
        <Button variant="quiet" size="icon" aria-label={`Actions for ${view.name}`}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
    >
      <MenuItem asChild>
        <Link href={`/credentials/${view.id}`}>
          <SquareArrowOutUpRight aria-hidden /> Open
        </Link>
      </MenuItem>
      {change && view.status === "needs_reauth" && (
        <MenuItem asChild>
          <Link href={`/credentials/${view.id}`}>
            <LogIn aria-hidden /> Reconnect
          </Link>
        </MenuItem>
      )}
      {mayTest(rights, view) && isTestable(view, own) && (
        <MenuItem onSelect={onTest}>
          <PlugZap aria-hidden /> Test…
        </MenuItem>
      )}
      <MenuItem onSelect={() => void copyId(view.id)}>
        <Copy aria-hidden /> Copy id
      </MenuItem>
      {change && (
        <>
          <MenuItem asChild>
            <Link href={`/credentials/${view.id}/edit`}>
              <Pencil aria-hidden /> Edit
            </Link>
          </MenuItem>
          {view.active && view.usedBy > 0 ? (
            <MenuItem onSelect={onDisable}>
              <CirclePause aria-hidden /> Disable…
            </MenuItem>
          ) : (
            <SwitchItem view={view} setActive={setActive} />
          )}
        </>
      )}
      {mayDelete(rights, view) && (
        <>
          <MenuLine />
          <MenuItem className="text-bad" onSelect={onDelete}>
            <Trash2 aria-hidden /> Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function SwitchItem({ view, setActive }: Pick<Props, "view" | "setActive">) {
  const queries = useQueryClient();
  const { run } = useAction(setActive, {
    onDone: (stored) => {
      toast.success(
        stored.active ? `“${stored.name}” is enabled` : `“${stored.name}” is disabled: nobody can fetch it`,
      );
      return queries.invalidateQueries({ queryKey: keys.all });
    },
    onRefused: (error) => {
      toast.error(error.message);
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
  const Icon = view.active ? CirclePause : CirclePlay;
  return (
    <MenuItem onSelect={() => run({ id: view.id, active: !view.active, expectedVersion: view.version })}>
      <Icon aria-hidden /> {view.active ? "Disable" : "Enable"}
    </MenuItem>
  );
}

const copyId = (id: string) =>
  navigator.clipboard.writeText(id).then(
    () => toast.success("Id copied"),
    () => toast.error(`The browser did not allow copying. The id is ${id}`),
  );
