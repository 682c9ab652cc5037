"use client";

import { EllipsisVertical, Pencil, RefreshCw, ShieldAlert, Trash2 } from "lucide-react";
import Link from "next/link";
import { exposedAddress } from "@/components/exposed/exposed-link";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { tokenLabel } from "./messages";
import type { TokenRow } from "./token-actions";

export type TokenDialog = "edit" | "rotate" | "revoke";

export const TokenMenu = ({ token, onOpen }: { token: TokenRow; onOpen: (dialog: TokenDialog) => void }) => (
  <Menu
    trigger={
      <Button variant="quiet" size="icon" aria-label={`Actions for ${tokenLabel(token)}`}>
        <EllipsisVertical aria-hidden />
      </Button>
    }
  >
    <MenuItem onSelect={() => onOpen("edit")}>
      <Pencil aria-hidden /> Edit…
    </MenuItem>
    <MenuItem onSelect={() => onOpen("rotate")}>
      <RefreshCw aria-hidden /> Rotate…
    </MenuItem>
    {!token.own && (
      <MenuItem asChild>
        <Link href={exposedAddress({ by: `token:${token.id}` })}>
          <ShieldAlert aria-hidden /> What did it read?
        </Link>
      </MenuItem>
    )}
    <MenuLine />
    <MenuItem className="text-bad" onSelect={() => onOpen("revoke")}>
      <Trash2 aria-hidden /> Revoke…
    </MenuItem>
  </Menu>
);
