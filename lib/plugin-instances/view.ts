import type { PluginInstance } from "@/lib/generated/prisma/client";
import type { CredentialView } from "@/lib/vocabulary/credential-view";

/** One entry of the register: a task of a flow that works with a credential. Safe for the browser. */
export interface InstanceView {
  id: string;
  orgId: string;
  /** The provider's id. */
  plugin: string;
  flowId: string;
  /** Also of a credential that has been deleted since. */
  credentialId: string | null;
  taskName: string;
  description: string;
  registeredById: string;
  registeredBy: string;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
}

export interface NewInstance {
  /** The id to make it under; one that is there was made by an earlier try of the same request. */
  reservedId?: string | undefined;
  plugin: string;
  flowId: string;
  credentialId: string | null;
  taskName: string;
  description: string;
}

/** What is left out stays. */
export type InstanceChange = Partial<Pick<NewInstance, "flowId" | "credentialId" | "taskName" | "description">>;

export interface InstanceQuery {
  plugin?: string | undefined;
  flowId?: string | undefined;
  taskName?: string | undefined;
  credentialId?: string | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
}

/** An entry whose credential has been deleted since. */
export type BrokenUse = InstanceView & { credentialName: string };

/** How far into a list of uses, and how much of it. */
export interface Stretch {
  offset?: number | undefined;
  limit: number;
}

/** A credential as the console's list shows it. */
export type CredentialWithUses = CredentialView & {
  /** How many uses of it are registered. */
  usedBy: number;
};

export interface CredentialsWithUses {
  items: CredentialWithUses[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}

export const toView = (row: PluginInstance): InstanceView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
