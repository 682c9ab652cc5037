"use client";

import { ChevronsUpDown, LogOut, UserRound } from "lucide-react";
import Link from "next/link";
import { ThemeItems } from "@/components/shell/theme-items";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { signOutAction } from "@/lib/api/http/sign-in-action";

interface Props {
  userName: string;
  organizationName: string;
}

export const AccountMenu = ({ userName, organizationName }: Props) => (
  <Menu
    align="start"
    side="top"
    trigger={
      <Button variant="quiet" className="h-auto w-full justify-between gap-2 px-2 py-1.5 text-left font-normal">
        <span className="min-w-0">
          <span className="block truncate font-medium text-sm">{userName}</span>
          <span className="block truncate text-soft text-xs">{organizationName}</span>
        </span>
        <ChevronsUpDown aria-hidden className="text-soft" />
        <span className="sr-only">: account and theme</span>
      </Button>
    }
  >
    <MenuItem asChild>
      <Link href="/account">
        <UserRound aria-hidden /> Account
      </Link>
    </MenuItem>
    <MenuLine />
    <ThemeItems />
    <MenuLine />
    <MenuItem onSelect={() => void signOutAction()}>
      <LogOut aria-hidden /> Sign out
    </MenuItem>
  </Menu>
);
