"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

export function Toaster() {
  const { theme } = useTheme();
  return (
    <Sonner
      theme={theme === "light" || theme === "dark" ? theme : "system"}
      position="bottom-right"
      closeButton
      toastOptions={{
        classNames: {
          toast: "!rounded-lg !border-line !bg-surface !text-ink !font-sans !shadow-lg",
          description: "!text-soft",
          // Beside the title, whatever stands under it, and in the colours of a callout.
          icon: "mt-0.5 self-start",
          success: "[&_[data-icon]]:text-good",
          warning: "[&_[data-icon]]:text-warn",
          error: "[&_[data-icon]]:text-bad",
          closeButton: "!border-line !bg-surface !text-ink",
        },
      }}
    />
  );
}
