"use client";

import { Menu as MenuIcon, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Brand } from "./brand";
import { NavLinks } from "./nav-links";
import type { Place } from "./places";

interface Props {
  shown: Place[];
  palette: ReactNode;
  accountMenu: ReactNode;
}

export function PhoneBar({ shown, palette, accountMenu }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <header className="sticky top-0 z-30 flex h-13 items-center justify-between border-line border-b bg-surface px-4 md:hidden">
      <Brand />
      <span className="mr-1 ml-auto">{palette}</span>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <Button variant="quiet" size="icon" className="size-10" aria-label="Menu">
            <MenuIcon aria-hidden />
          </Button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fade-in-0 data-[state=open]:animate-in fixed inset-0 z-40 bg-veil" />
          <Dialog.Content
            aria-describedby={undefined}
            className="slide-in-from-right data-[state=open]:animate-in fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col gap-4 border-line border-l bg-surface p-4"
          >
            <div className="flex items-center justify-between">
              <Dialog.Title className="font-semibold">Menu</Dialog.Title>
              <Dialog.Close asChild>
                <Button variant="quiet" size="icon" className="size-10" aria-label="Close">
                  <X aria-hidden />
                </Button>
              </Dialog.Close>
            </div>
            <nav aria-label="Main" className="flex-1 overflow-y-auto">
              <NavLinks shown={shown} onGo={() => setOpen(false)} />
            </nav>
            {accountMenu}
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
