import type { ReactNode } from "react";
import { Brand } from "@/components/shell/brand";

export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[14dvh] pb-10">
      <div className="w-full max-w-90 space-y-6">
        <Brand />
        {children}
      </div>
    </main>
  );
}
