"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "./button";
import { cn } from "./class-names";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** One or two sentences under the title; also what screen readers say on opening. */
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  /** A question that needs an answer: announced at once, and a click beside it does not close it. */
  alert?: boolean;
  className?: string;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, alert = false, className }: Props) {
  const opener = useRef<HTMLElement | null>(null);
  const stay = (event: Event) => {
    if (alert) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in-0 data-[state=open]:animate-in fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          {...(alert && { role: "alertdialog" })}
          {...(description === undefined && { "aria-describedby": undefined })}
          onPointerDownOutside={stay}
          onOpenAutoFocus={() => {
            opener.current = focusedBefore();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            (opener.current ?? latestOpener)?.focus();
          }}
          className={cn(
            "zoom-in-97 fade-in-0 data-[state=open]:animate-in fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface shadow-xl",
            className,
          )}
        >
          <header className="space-y-1 px-5 pt-4 pr-12 pb-3">
            <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
            {description !== undefined && <Radix.Description className="text-soft">{description}</Radix.Description>}
          </header>
          {children !== undefined && <div className="min-h-0 overflow-y-auto px-5 pb-4">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>
          )}
          <Radix.Close asChild>
            <Button variant="quiet" size="icon" className="absolute top-3 right-3" aria-label="Close">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What opened the dialog before: a dialog that takes the place of another has nothing focused behind it. */
let latestOpener: HTMLElement | null = null;

/** Where the focus goes back to. A menu is gone by then; the button that opened it is not. */
function focusedBefore(): HTMLElement | null {
  const { activeElement } = document;
  if (activeElement === document.body) return latestOpener;
  const menu = activeElement?.closest("[role=menu]");
  const trigger = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : activeElement;
  latestOpener = trigger instanceof HTMLElement ? trigger : null;
  return latestOpener;
}
