import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "@/components/ui/toaster";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Latchkey", template: "%s · Latchkey" },
  description: "A vault for an organisation's integration credentials.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

/** Reading the request's nonce makes every page dynamic, which is meant: no page is ever the same for two people. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <ThemeProvider attribute="class" disableTransitionOnChange {...(nonce !== undefined && { nonce })}>
          {children}
          <Toaster />
        </ThemeProvider>
      </body>
    </html>
  );
}
