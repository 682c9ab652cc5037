"use client";

import { Problem } from "@/components/ui/problem";

export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center px-6">
      <Problem reference={error.digest} retry={retry} />
    </main>
  );
}
