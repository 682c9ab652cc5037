"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "./button";
import { cn } from "./class-names";
import { useCovered } from "./dialog-stack";

/** What is asked before a dialog closes over something that would be lost. */
export interface LeaveQuestion {
  title: string;
  text: string;
  stay: string;
  leave: string;
}

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
  /** Asked whenever it is closed by Escape or its cross; without it only where something was typed into a form. */
  leaving?: LeaveQuestion;
  className?: string;
}

const TYPED: LeaveQuestion = {
  title: "Close without saving?",
  text: "What you typed here is lost when you close it.",
  stay: "Go on typing",
  leave: "Close",
};

/**
 * A window over the page. Escape, its cross and a click beside it close it, but never over something typed without a question; a
 * dialog's own buttons close it at once. What is typed to confirm and not to be kept stands in `data-passing`.
 */
export function Dialog({ open, onOpenChange, leaving, ...content }: Props) {
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  const question = leaving ?? (typed ? TYPED : undefined);
  const change = (next: boolean) => {
    if (!next && question && !asking) return setAsking(true);
    setAsking(false);
    // Escape in the question takes the question back, and nothing else.
    if (next || !asking) onOpenChange(next);
  };
  const leave = () => {
    setAsking(false);
    setTyped(false);
    onOpenChange(false);
  };
  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Content
          {...content}
          asking={asking && question ? { question, leave, stay: () => setAsking(false) } : undefined}
          onTyped={() => setTyped(true)}
        />
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ContentProps extends Omit<Props, "open" | "onOpenChange" | "leaving"> {
  asking: { question: LeaveQuestion; leave: () => void; stay: () => void } | undefined;
  onTyped: () => void;
}

function Content({ title, description, children, footer, alert = false, className, asking, onTyped }: ContentProps) {
  const opener = useRef<HTMLElement | null>(null);
  const covered = useCovered();
  const hint = asking ? asking.question.text : description;
  return (
    <>
      <Radix.Overlay
        className={cn("fade-in-0 data-[state=open]:animate-in fixed inset-0 z-40 bg-veil", covered && "invisible")}
      />
      <Radix.Content
        {...((alert || asking) && { role: "alertdialog" })}
        {...(hint === undefined && { "aria-describedby": undefined })}
        onPointerDownOutside={(event) => alert && event.preventDefault()}
        onOpenAutoFocus={() => {
          opener.current = focusedBefore();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          (opener.current ?? latestOpener)?.focus();
        }}
        onInput={(event) => isKept(event) && onTyped()}
        className={cn(
          "zoom-in-97 fade-in-0 data-[state=open]:animate-in fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface shadow-xl",
          covered && "invisible",
          className,
        )}
      >
        <header className="space-y-1 px-5 pt-4 pr-12 pb-3">
          <Radix.Title className="font-semibold text-lg">{asking?.question.title ?? title}</Radix.Title>
          {hint !== undefined && <Radix.Description className="text-soft">{hint}</Radix.Description>}
        </header>
        {asking && <Answers {...asking} />}
        {/* What was typed stays where it is while the question stands in its place. */}
        {children !== undefined && (
          <div hidden={asking !== undefined} className="min-h-0 overflow-y-auto px-5 pb-4">
            {children}
          </div>
        )}
        {footer && !asking && (
          <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>
        )}
        <Radix.Close asChild>
          <Button variant="quiet" size="icon" className="absolute top-3 right-3" aria-label="Close">
            <X aria-hidden />
          </Button>
        </Radix.Close>
      </Radix.Content>
    </>
  );
}

const Answers = ({ question, leave, stay }: NonNullable<ContentProps["asking"]>) => (
  <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">
    <Button onClick={leave}>{question.leave}</Button>
    <Button variant="primary" autoFocus onClick={stay}>
      {question.stay}
    </Button>
  </footer>
);

/** Typed into a form of this dialog, to be kept. A dialog opened from here is in another place of the page, and has its own. */
function isKept({ target, currentTarget }: FormEvent<HTMLDivElement>): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  return target.closest("form") !== null && target.closest("[data-passing]") === null;
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
