import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ProviderPicker } from "@/components/credentials/picker/provider-picker";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { credentialFacets } from "@/lib/credentials";
import { rightsOf } from "../rights";

export const metadata: Metadata = { title: "New credential" };

export default async function NewCredentialPage() {
  const { actor } = await requireConsole();
  if (!rightsOf(actor).create) return forbidden("Your role can look at credentials, but not create them.");
  const facets = await credentialFacets(actor);
  return (
    <>
      <PageHeader title="New credential" description="What do you want to connect to?" />
      <ProviderPicker used={facets.providers.map((one) => one.value)} />
    </>
  );
}
