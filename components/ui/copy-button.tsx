"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";

interface Props {
  text: string;
  /** What is copied: "the token". */
  what: string;
  label?: string;
}

export function CopyButton({ text, what, label }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async () => {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setState(done ? "copied" : "refused");
    setTimeout(() => setState("idle"), 2_500);
  };
  const words = {
    idle: "",
    copied: `Copied ${what}`,
    refused: "The browser did not allow copying: select the text and copy it",
  };
  return (
    <span className="inline-flex items-center gap-2">
      <Button
        size={label ? "small" : "icon"}
        variant={label ? "secondary" : "quiet"}
        onClick={() => void copy()}
        {...(label === undefined && { "aria-label": `Copy ${what}` })}
      >
        {state === "copied" ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
        {label}
      </Button>
      <span role="status" className={state === "refused" ? "text-bad text-sm" : "sr-only"}>
        {words[state]}
      </span>
    </span>
  );
}
