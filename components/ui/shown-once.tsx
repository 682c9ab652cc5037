"use client";

import type { ReactNode } from "react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";

interface Props {
  title: string;
  description: string;
  text: string;
  /** What is copied: "the token". */
  what: string;
  /** The button by which somebody says that they have it. */
  done: string;
  children?: ReactNode;
  onClose: () => void;
}

/** The only time that a text is seen: a click beside it does not close it, and nothing else does without a question. */
export const ShownOnce = ({ title, description, text, what, done, children, onClose }: Props) => (
  <Dialog
    alert
    open
    onOpenChange={onClose}
    leaving={{
      title: `Do you have ${what}?`,
      text: "It is shown this once. Whoever has not copied it has to make another one.",
      stay: "Show it again",
      leave: done,
    }}
    title={title}
    description={description}
    footer={
      <Button variant="primary" onClick={onClose}>
        {done}
      </Button>
    }
  >
    <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-sunken p-3">
      <code className="min-w-0 flex-1 basis-60 break-all font-mono text-sm" data-testid="once">
        {text}
      </code>
      <CopyButton text={text} what={what} label="Copy" />
    </div>
    {children}
  </Dialog>
);
