import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { CredentialFrame } from "@/components/credentials/detail/credential-frame";
import { KindOfPage } from "@/components/credentials/kind-of-page";
import { credentialOptions, USES_SHOWN, usesOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { requireConsole } from "@/lib/api/http/console";
import { ownKindForm } from "@/lib/own-kinds";
import { usesOfCredential } from "@/lib/plugin-instances";
import { kindForm } from "@/lib/providers/index";
import { callOff, remove, setActive } from "../../actions";
import { rightsOf } from "../../rights";
import { DamageNotice } from "../damage-notice";
import { knownCredential, knownName } from "../known";

interface Props {
  params: Promise<{ id: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  return { title: await knownName(actor, (await params).id) };
}

export default async function CredentialLayout({ params, children }: Props) {
  const { actor } = await requireConsole();
  const view = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  queries.setQueryData(credentialOptions(view.id).queryKey, view);
  await queries.prefetchInfiniteQuery({
    ...usesOptions(view.id),
    queryFn: () => usesOfCredential(actor, view.id, { limit: USES_SHOWN }),
  });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <CredentialFrame id={view.id} rights={rightsOf(actor)} actions={{ setActive, remove, callOff }}>
        <DamageNotice actor={actor} id={view.id}>
          Enter the whole credential anew under Edit, with every secret, or delete it.
        </DamageNotice>
        <KindOfPage id={view.provider} form={kindForm(view.provider) ?? (await ownKindForm(actor, view.provider))}>
          {children}
        </KindOfPage>
      </CredentialFrame>
    </HydrationBoundary>
  );
}
