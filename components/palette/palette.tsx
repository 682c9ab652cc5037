"use client";

import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { OwnKindsAsked } from "@/components/credentials/own-kinds";
import type { Place } from "@/components/shell/places";
import { Button } from "@/components/ui/button";
import { CredentialHits } from "./credential-hits";
import { PlaceHits } from "./place-hits";

const OpenContext = createContext<() => void>(() => {});

interface Props {
  shown: Place[];
  mayCreate: boolean;
  children: ReactNode;
}

/** One field that finds credentials and pages, from anywhere: Ctrl or Command and K. */
export function Palette({ shown, mayCreate, children }: Props) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setOpen((now) => !now);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const go = (href: string) => {
    setOpen(false);
    router.push(href);
  };
  return (
    <OpenContext value={() => setOpen(true)}>
      {children}
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Overlay className="fade-in-0 data-[state=open]:animate-in fixed inset-0 z-40 bg-veil" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fade-in-0 data-[state=open]:animate-in fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-xl"
          >
            <Dialog.Title className="sr-only">Find a credential or a page</Dialog.Title>
            <OwnKindsAsked>
              <Finder shown={shown} mayCreate={mayCreate} onGo={go} />
            </OwnKindsAsked>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </OpenContext>
  );
}

export function PaletteButton() {
  const open = useContext(OpenContext);
  return (
    <Button
      onClick={open}
      className="w-full justify-start px-2.5 font-normal text-soft max-md:size-10 max-md:justify-center max-md:border-0"
    >
      <Search aria-hidden />
      <span className="max-md:sr-only">Find…</span>
      <kbd className="ml-auto font-sans text-xs max-md:hidden">Ctrl K</kbd>
    </Button>
  );
}

function Finder({ shown, mayCreate, onGo }: Omit<Props, "children"> & { onGo: (href: string) => void }) {
  const [text, setText] = useState("");
  return (
    <Command label="Find a credential or a page" shouldFilter={false} loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Name, host, tag or id; or a page"
        className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none max-md:text-lg"
      />
      <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-soft [&_[cmdk-group-heading]]:text-xs">
        <PlaceHits text={text} shown={shown} mayCreate={mayCreate} onGo={onGo} />
        <CredentialHits text={text} onGo={onGo} />
        <Command.Empty className="px-2.5 py-6 text-center text-soft">Nothing found. Try another word.</Command.Empty>
      </Command.List>
    </Command>
  );
}
