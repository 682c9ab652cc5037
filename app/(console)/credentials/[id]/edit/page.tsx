import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { mayChange } from "@/components/credentials/credential-actions";
import { EditForm } from "@/components/credentials/form/edit-form";
import { KindOfPage } from "@/components/credentials/kind-of-page";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { ownOrganization } from "@/lib/organizations";
import { ownKindForm } from "@/lib/own-kinds";
import { kindForm } from "@/lib/providers/index";
import { update } from "../../actions";
import { rightsOf } from "../../rights";
import { DamageNotice } from "../damage-notice";
import { knownCredential, knownName } from "../known";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  return { title: `Edit ${await knownName(actor, (await params).id)}` };
}

export default async function EditCredentialPage({ params }: Props) {
  const { actor } = await requireConsole();
  const view = await knownCredential(actor, (await params).id);
  if (!mayChange(rightsOf(actor), view)) return forbidden("You can look at this credential, but not change it.");
  const { requireTestBeforeSave } = await ownOrganization(actor);
  const back = `/credentials/${view.id}`;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            steps={[
              { href: "/credentials", label: "Credentials" },
              { href: back, label: view.name },
            ]}
          />
        }
        title={`Edit ${view.name}`}
        description="Workflows keep using the same id. What you save here is what their next fetch gets."
      />
      <DamageNotice actor={actor} id={view.id}>
        Choose Replace for every secret and enter it anew. What is kept stays damaged.
      </DamageNotice>
      <KindOfPage id={view.provider} form={kindForm(view.provider) ?? (await ownKindForm(actor, view.provider))}>
        <EditForm view={view} requireTest={requireTestBeforeSave} update={update} />
      </KindOfPage>
    </>
  );
}
