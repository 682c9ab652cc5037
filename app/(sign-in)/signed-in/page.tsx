import type { Metadata } from "next";
import Link from "next/link";
import { requireConsole } from "@/lib/api/http/console";

export const metadata: Metadata = { title: "Signed in" };

/** Where a sign-in in a second tab ends. */
export default async function SignedInPage() {
  const { userName } = await requireConsole();
  return (
    <div className="space-y-2 rounded-xl border border-line bg-surface p-5">
      <h1 className="font-semibold text-xl">You are signed in, {userName}</h1>
      <p>Close this tab, go back to the other one and choose “Go on”. What you typed there is still in place.</p>
      <p>
        <Link href="/credentials" className="text-accent underline underline-offset-2">
          Or go on here, with the credentials
        </Link>
      </p>
    </div>
  );
}
