import "server-only";
import { formOf, type KindForm } from "./catalog/kind-form";
import { providerOf } from "./catalog/provider";
import { findKind, kinds } from "./catalog/registry";
import type { CredentialType, Method, Provider } from "./define";
import { nativeProvider, nativeProviders } from "./native";
import { openProvider } from "./open";

/**
 * The catalogue: providers with code of their own, and the kinds that files describe. Lists, which need names only, ask
 * `listing.ts`; a page in the browser gets the form of its own kind.
 */
const made = new Map<string, Provider>();

/** Made when it is first asked for: a process needs few of them. */
function kindProvider(id: string): Provider | undefined {
  const known = made.get(id);
  const kind = known ? undefined : findKind(id);
  if (!kind) return known;
  const provider = providerOf(formOf(kind));
  made.set(id, provider);
  return provider;
}

let all: readonly Provider[] | undefined;

/** Every provider, by id. */
export const providers = (): readonly Provider[] => {
  all ??= [...nativeProviders(), ...kinds().flatMap(({ id }) => kindProvider(id) ?? [])].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  return all;
};

export const findProvider = (id: string): Provider | undefined => nativeProvider(id) ?? kindProvider(id);

/** What a page needs of a provider that a file describes; undefined for one with code of its own, which is in the page's. */
export const kindForm = (id: string): KindForm | undefined => {
  const kind = nativeProvider(id) ? undefined : findKind(id);
  return kind && formOf(kind);
};

/** The provider that such a form is of, which this registry need not know. */
export const providerOfForm = (form: KindForm): Provider => providerOf(form);

export const findMethod = (providerId: string, type: CredentialType): Method | undefined =>
  findProvider(providerId)?.methods.find((method) => method.type === type);

/** A provider by its id in whatever case: paths and searches are typed by people. */
export const findProviderAnyCase = (id: string): Provider | undefined =>
  findProvider(id) ?? providers().find((provider) => provider.id.toLowerCase() === id.toLowerCase());

/** What a stored credential is of: as the catalogue says, or, for a kind that it does not know, secret throughout. */
export const providerOfStored = (id: string): Provider | undefined => findProvider(id) ?? openProvider(id);

export const methodOfStored = (providerId: string, type: CredentialType): Method | undefined =>
  providerOfStored(providerId)?.methods.find((method) => method.type === type);
