"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { DropdownMenu } from "radix-ui";

const themes = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "Like my system", icon: Monitor },
];

export function ThemeItems() {
  const { theme, setTheme } = useTheme();
  return (
    <DropdownMenu.RadioGroup value={theme ?? "system"} onValueChange={setTheme} aria-label="Theme">
      {themes.map(({ value, label, icon: Icon }) => (
        <DropdownMenu.RadioItem
          key={value}
          value={value}
          className="flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-base outline-none data-highlighted:bg-sunken data-[state=checked]:font-medium data-[state=checked]:text-accent"
        >
          <Icon aria-hidden className="size-4" /> {label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
