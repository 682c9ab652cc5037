import type { Organization } from "@/lib/generated/prisma/client";

export interface OrganizationView {
  id: string;
  name: string;
  active: boolean;
  maxPerProvider: number;
  maxPerUser: number;
  requireTestBeforeSave: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export const toView = (row: Organization): OrganizationView => ({
  id: row.id,
  name: row.name,
  active: row.active,
  maxPerProvider: row.maxPerProvider,
  maxPerUser: row.maxPerUser,
  requireTestBeforeSave: row.requireTestBeforeSave,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
