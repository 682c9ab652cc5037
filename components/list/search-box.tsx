"use client";

import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { Input } from "@/components/ui/input";

const PAUSE_MS = 250;

interface Props {
  /** What is looked through; read out in place of a label. */
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}

/** Asks once the typing pauses. */
export function SearchBox({ label, placeholder, value, onSearch }: Props) {
  const [typing, setTyping] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const settle = (text: string) => {
    clearTimeout(timer.current);
    setTyping(null);
    if (text.trim() !== value) onSearch(text.trim());
  };
  const type = (text: string) => {
    setTyping(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (text.trim() !== value) onSearch(text.trim());
    }, PAUSE_MS);
  };
  return (
    <search className="relative min-w-48 flex-1 basis-56 md:max-w-80">
      <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-soft" />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        className="pl-8"
        value={typing ?? value}
        onChange={(event) => type(event.target.value)}
        onBlur={() => typing !== null && settle(typing)}
        onKeyDown={(event) => event.key === "Enter" && settle(event.currentTarget.value)}
      />
    </search>
  );
}
