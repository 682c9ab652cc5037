import type { ReactNode } from "react";
import { QueryProvider } from "@/app/query-provider";
import { SessionGuard } from "@/components/session/session-guard";
import type { Place } from "@/components/shell/places";
import { Shell } from "@/components/shell/shell";
import { TooltipProvider } from "@/components/ui/tooltip";
import { allows, type Role } from "@/lib/access/permissions";
import { requireConsole } from "@/lib/http/console";
import { confirmOwnPassword } from "./account/actions";
import { AccountMenu } from "./account-menu";

/** The frame around every page. It lets nobody in or out: each page, action and feed asks for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { actor, userName, organizationName } = await requireConsole();
  return (
    <QueryProvider>
      <TooltipProvider>
        <SessionGuard confirmPassword={confirmOwnPassword}>
          <Shell
            shown={placesFor(actor.role)}
            accountMenu={<AccountMenu userName={userName} organizationName={organizationName} />}
          >
            {children}
          </Shell>
        </SessionGuard>
      </TooltipProvider>
    </QueryProvider>
  );
}

function placesFor(role: Role): Place[] {
  const may = (permission: Parameters<typeof allows>[2]) => allows(role, undefined, permission);
  return [
    "credentials",
    ...(may("service_account:read") ? (["serviceAccounts"] as const) : []),
    ...(may("token:read") || may("token:manage_own") ? (["tokens"] as const) : []),
    ...(may("audit:read") ? (["audit"] as const) : []),
    ...(may("organization:manage") ? (["settings"] as const) : []),
  ];
}
