import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { forbidden } from "@/app/(console)/forbidden-page";
import { CreateForm } from "@/components/credentials/form/create-form";
import { offeredProviders } from "@/components/credentials/picker/offered";
import { PageHeader } from "@/components/ui/page-header";
import { Trail } from "@/components/ui/trail";
import { requireConsole } from "@/lib/http/console";
import { ownOrganization } from "@/lib/people";
import { create } from "../../actions";
import { rightsOf } from "../../rights";

interface Props {
  params: Promise<{ provider: string }>;
}

const offered = async (params: Props["params"]) => {
  const { provider } = await params;
  return offeredProviders().find((one) => one.id === provider);
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `New: ${(await offered(params))?.label ?? "nothing here"}` };
}

export default async function NewCredentialFormPage({ params }: Props) {
  const { actor } = await requireConsole();
  if (!rightsOf(actor).create) return forbidden("Your role can look at credentials, but not create them.");
  const provider = (await offered(params)) ?? notFound();
  const { requireTestBeforeSave } = await ownOrganization(actor);
  return (
    <>
      <PageHeader
        above={
          <Trail
            steps={[
              { href: "/credentials", label: "Credentials" },
              { href: "/credentials/new", label: "New" },
            ]}
          />
        }
        title={`New: ${provider.label}`}
        description={provider.description}
      />
      <CreateForm provider={provider.id} requireTest={requireTestBeforeSave} create={create} />
    </>
  );
}
