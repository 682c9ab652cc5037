import type { Metadata } from "next";
import Link from "next/link";
import { isSetupToken } from "@/lib/organizations";
import { ready } from "@/lib/platform/readiness";
import { SetUpForm } from "./set-up-form";

export const metadata: Metadata = { title: "Set up" };

interface Props {
  searchParams: Promise<{ token?: string | string[] }>;
}

export default async function SetUpPage({ searchParams }: Props) {
  await ready();
  const { token } = await searchParams;
  if (typeof token === "string" && (await isSetupToken(token))) return <SetUpForm token={token} />;
  return (
    <div className="space-y-2 rounded-xl border border-line bg-surface p-5">
      <h1 className="font-semibold text-xl">This link is not valid any more</h1>
      <p>
        Latchkey may be set up already: then{" "}
        <Link href="/sign-in" className="text-accent underline underline-offset-2">
          sign in
        </Link>
        .
      </p>
      <p>Otherwise restart Latchkey: while nobody has set it up, each start prints a fresh link.</p>
    </div>
  );
}
