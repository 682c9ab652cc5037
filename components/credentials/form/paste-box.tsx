"use client";

import { ClipboardPaste, FileUp } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/class-names";
import { Input } from "@/components/ui/input";
import { CERTIFICATES_MAX } from "@/lib/providers/certificate-text";
import type { ReadPasted } from "./paste";

interface Props {
  /** Puts a text that can be read into the fields, and answers what became of it. */
  fill: (text: string) => ReadPasted;
}

/**
 * For what people have in one piece: a connection string, a key, a settings file. However it comes, it is read: pasted,
 * dropped, chosen as a file, inserted by a phone's keyboard, typed. What could be read is not kept.
 */
export function PasteBox({ fill }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<Pick<ReadPasted, "ok" | "said">>();
  const [typed, setTyped] = useState("");
  const tell = (taken: ReadPasted) => {
    if (taken.ok) setTyped("");
    setSaid(taken);
  };
  const take = (text: string) => tell(fill(text));
  /** Typed by hand, it is whole when its writer says so or goes on. */
  const takeTyped = () => typed.trim() !== "" && take(typed);
  const takeFile = async (file: File) => {
    // As large as the largest field takes; each says itself when it is less.
    if (file.size > CERTIFICATES_MAX)
      setSaid({ ok: false, said: "This file is larger than 240 KiB: choose the one that is meant" });
    else take(await file.text());
  };
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) await takeFile(file);
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
          aria-invalid={said?.ok === false || undefined}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          value={typed}
          onBeforeInput={(event) => {
            // The box itself would join the lines of a key or a settings file into one.
            if (!/[\r\n]./.test(event.data ?? "")) return;
            event.preventDefault();
            take(typed + event.data);
          }}
          onChange={(event) => {
            const text = event.target.value;
            setTyped(text);
            // Put there by a keyboard's clipboard or by a program, it comes whole; after that, it is being written.
            if (typed === "" && text.length > 1) take(text);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            takeTyped();
          }}
          onBlur={takeTyped}
          onPaste={(event) => {
            const taken = fill(event.clipboardData.getData("text"));
            // Behind what is already written, it may be the rest of it.
            if (!taken.ok && typed !== "") return;
            event.preventDefault();
            tell(taken);
          }}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            const [file] = event.dataTransfer.files;
            if (file) void takeFile(file);
            else take(event.dataTransfer.getData("text"));
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
      <p id="paste-said" role="status" className={cn("mt-1.5 text-sm", said ? toneOf(said) : "text-soft")}>
        {said?.said ?? "The fields below fill themselves."}
      </p>
    </div>
  );
}

const toneOf = ({ ok }: Pick<ReadPasted, "ok">) => (ok ? "text-good" : "text-bad");
