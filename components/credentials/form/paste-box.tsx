"use client";

import { ClipboardPaste, FileUp } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface Props {
  /** Puts a recognised text into the fields and answers their labels; undefined when it is nothing this form can read. */
  fill: (text: string) => string[] | undefined;
}

const FILE_MAX = 65_536;

/** For what people have in one piece: a connection string, a key, a settings file. What is pasted here is not kept. */
export function PasteBox({ fill }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<{ text: string; good: boolean }>();
  const [typed, setTyped] = useState("");
  const take = (text: string) => {
    const labels = fill(text);
    if (labels) setTyped("");
    setSaid(
      labels
        ? { text: `Filled in: ${labels.join(", ")}`, good: true }
        : { text: "This is nothing this form can read. Fill in the fields one by one.", good: false },
    );
  };
  /** Typed by hand, it is whole when its writer says so or goes on. */
  const takeTyped = () => typed.trim() !== "" && take(typed);
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) take(file.size > FILE_MAX ? "" : await file.text());
  };
  return (
    <div className="rounded-lg bg-sunken p-3">
      <label htmlFor="paste-box" className="flex items-center gap-1.5 font-medium">
        <ClipboardPaste aria-hidden className="size-4 text-soft" /> Have it in one piece?
      </label>
      <div className="mt-2 flex flex-wrap gap-2">
        <Input
          id="paste-box"
          className="min-w-48 flex-1"
          placeholder="Paste or type a connection string, a key or a settings file"
          aria-describedby="paste-said"
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            // Dropped in, or put there by a program: it comes whole.
            if (event.target.value.length > typed.length + 1) take(event.target.value);
            else setTyped(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            takeTyped();
          }}
          onBlur={takeTyped}
          onPaste={(event) => {
            event.preventDefault();
            take(event.clipboardData.getData("text"));
          }}
        />
        <Button onClick={() => picker.current?.click()}>
          <FileUp aria-hidden /> Choose a file
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          tabIndex={-1}
          aria-label="File to fill the form from"
          onChange={(event) => void read(event)}
        />
      </div>
      <p id="paste-said" role="status" className={said?.good ? "mt-1.5 text-good text-sm" : "mt-1.5 text-soft text-sm"}>
        {said?.text ?? "The fields below fill themselves."}
      </p>
    </div>
  );
}
