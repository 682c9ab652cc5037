import type { ReactNode } from "react";
import { Brand } from "@/components/shell/brand";
import { Callout } from "@/components/ui/callout";

export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[14dvh] pb-10">
      <div className="w-full max-w-90 space-y-6">
        <Brand />
        <noscript className="block">
          <Callout tone="warn" title="The console needs JavaScript">
            Allow it for this site in your browser, then load the page again.
          </Callout>
        </noscript>
        {children}
      </div>
    </main>
  );
}
