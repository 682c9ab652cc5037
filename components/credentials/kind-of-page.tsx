"use client";

import { createContext, type ReactNode, use, useMemo } from "react";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import { providerOf } from "@/lib/providers/catalog/provider";
import type { CredentialType, Method, Provider } from "@/lib/providers/define";
import { loadNative } from "@/lib/providers/native-page";
import { openProvider } from "@/lib/providers/open";

const Kind = createContext<Provider | undefined>(undefined);

interface Props {
  id: string;
  /** What the server knows of it, where a file describes it: a page loads no other kind's fields. */
  form: KindForm | undefined;
  children: ReactNode;
}

/** Says of which kind the credential is that a page is about. One that nobody knows is secret throughout. */
export function KindOfPage({ id, form, children }: Props) {
  const described = useMemo(() => form && providerOf(form), [form]);
  const provider = described ?? use(loadNative(id)) ?? openProvider(id);
  return <Kind value={provider}>{children}</Kind>;
}

/** The kind that the page is about. */
export const useKind = (): Provider | undefined => use(Kind);

/** How one signs in there. */
export const useMethod = (type: CredentialType | undefined): Method | undefined =>
  useKind()?.methods.find((method) => method.type === type);
