import { ExternalLink } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ConnectForm } from "@/components/credentials/connect/connect-form";
import { ConnectOrFill } from "@/components/credentials/connect/connect-or-fill";
import { CreateForm } from "@/components/credentials/form/create-form";
import { KindOfPage } from "@/components/credentials/kind-of-page";
import { offeredMethods, offeredProviders } from "@/components/credentials/picker/offered";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { ownOrganization } from "@/lib/organizations";
import { ownKindForm, ownListings } from "@/lib/own-kinds";
import { signInOf } from "@/lib/providers/authorization";
import type { Provider } from "@/lib/providers/define";
import { findProvider, kindForm, providerOfForm } from "@/lib/providers/index";
import { isOwnKindId } from "@/lib/providers/own-id";
import type { AuthorizationNotice } from "@/lib/vocabulary/authorization-outcome";
import { create } from "../../actions";
import { rightsOf } from "../../rights";
import { endedHere, offerOf } from "../../sign-in-offer";

interface Props {
  params: Promise<{ provider: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const offered = async (params: Props["params"]) => {
  const { provider } = await params;
  const { actor } = await requireConsole();
  const own = isOwnKindId(provider) && rightsOf(actor).create ? await ownListings(actor) : [];
  return offeredProviders(own).find((one) => one.id === provider);
};

export async function generateMetadata({ params }: Pick<Props, "params">): Promise<Metadata> {
  return { title: `New: ${(await offered(params))?.label ?? "nothing here"}` };
}

export default async function NewCredentialFormPage({ params, searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!rightsOf(actor).create) return forbidden("Your role can look at credentials, but not create them.");
  const listed = (await offered(params)) ?? notFound();
  const form = kindForm(listed.id) ?? (await ownKindForm(actor, listed.id));
  const provider = findProvider(listed.id) ?? (form && providerOfForm(form)) ?? notFound();
  const { requireTestBeforeSave } = await ownOrganization(actor);
  const ended = endedHere(await searchParams);
  if (ended?.ending === "connected" && ended.credentialId)
    redirect(`/credentials/${ended.credentialId}?sign_in=connected&new=true`);
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            steps={[
              { href: "/credentials", label: "Credentials" },
              { href: "/credentials/new", label: "New" },
            ]}
          />
        }
        title={`New: ${provider.label}`}
        description={<About provider={provider} />}
      />
      <KindOfPage id={provider.id} form={form}>
        {waysOf(provider, requireTestBeforeSave, ended)}
      </KindOfPage>
    </>
  );
}

/** A form, a sign-in at the provider, or the choice between them. */
function waysOf(provider: Provider, requireTest: boolean, ended: AuthorizationNotice | undefined) {
  const { id } = provider;
  const method = signInOf(provider);
  const form = <CreateForm provider={id} requireTest={requireTest} create={create} />;
  if (!method) return form;
  const signIn = <ConnectForm provider={id} offer={offerOf(id, method.authorization)} ended={ended} />;
  if (offeredMethods(provider).length === 0) return signIn;
  return <ConnectOrFill provider={method.authorization.label} signIn={signIn} form={form} />;
}

/** What it is, what else of ours is the same system, and where its maker explains its keys. */
function About({ provider: { description, docs, sameAs } }: { provider: Provider }) {
  const same = sameAs && findProvider(sameAs);
  return (
    <>
      {description}
      {same && (
        <>
          {" Same system as "}
          {offeredProviders().some((one) => one.id === same.id) ? (
            <Link href={`/credentials/new/${same.id}`} className={LINK}>
              {same.label}
            </Link>
          ) : (
            same.label
          )}
          .
        </>
      )}
      {docs && (
        <>
          {" "}
          <a href={docs} target="_blank" rel="noreferrer" className={`${LINK} whitespace-nowrap`}>
            Documentation <ExternalLink aria-hidden className="inline size-3.5 align-[-2px]" />
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        </>
      )}
    </>
  );
}

const LINK = "text-accent underline underline-offset-2";
