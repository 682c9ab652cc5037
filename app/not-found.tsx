import Link from "next/link";
import { Button } from "@/components/ui/button";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-6">
      <h1 className="font-semibold text-xl">Nothing here</h1>
      <p className="text-soft">
        This page does not exist, or what it showed was deleted, or it belongs to another organisation.
      </p>
      <div>
        <Button asChild>
          <Link href="/credentials">Go to the credentials</Link>
        </Button>
      </div>
    </main>
  );
}
