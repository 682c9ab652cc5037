import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { consoleVisitor } from "@/lib/api/http/console";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  searchParams: Promise<{ next?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { next } = await searchParams;
  // A path of this site and nothing else: "//elsewhere" and "/\elsewhere" are other sites to a browser.
  const wanted = typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/credentials";
  if (await consoleVisitor()) redirect(wanted);
  return <SignInForm next={wanted} />;
}
