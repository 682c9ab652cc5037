import type { Metadata } from "next";
import { QueryProvider } from "@/app/query-provider";
import { consoleVisitor } from "@/lib/api/http/console";
import { Join } from "./join";

export const metadata: Metadata = { title: "Join" };

/** Whose link it is, the browser finds out: the secret stands in the fragment, which never comes here. */
export default async function JoinPage() {
  const visitor = await consoleVisitor();
  return (
    <QueryProvider>
      <Join signedIn={visitor && { email: visitor.actor.name, organization: visitor.organizationName }} />
    </QueryProvider>
  );
}
