import type { ReactNode } from "react";
import { QueryProvider } from "@/app/query-provider";
import { Palette, PaletteButton } from "@/components/palette/palette";
import { SessionGuard } from "@/components/session/session-guard";
import type { Place } from "@/components/shell/places";
import { Shell } from "@/components/shell/shell";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission, type Role } from "@/lib/vocabulary/permissions";
import { confirmOwnPassword } from "./account/actions";
import { AccountMenu } from "./account-menu";
import { Confirmations, ownConfirmation } from "./confirmations";

/** The frame around every page. It lets nobody in or out: each page, action and feed asks for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { actor, userName, organizationName, setUpWaits } = await requireConsole();
  const shown = placesFor(actor.role);
  return (
    <QueryProvider>
      <SessionGuard confirmPassword={confirmOwnPassword}>
        <Palette shown={shown} mayCreate={hasPermission(actor.role, undefined, "credential:create")}>
          <Shell
            shown={shown}
            palette={<PaletteButton />}
            accountMenu={<AccountMenu userName={userName} organizationName={organizationName} />}
          >
            {actor.role === "unconfirmed" && ownConfirmation}
            {setUpWaits && <Confirmations actor={actor} />}
            {children}
          </Shell>
        </Palette>
      </SessionGuard>
    </QueryProvider>
  );
}

function placesFor(role: Role): Place[] {
  const may = (permission: Parameters<typeof hasPermission>[2]) => hasPermission(role, undefined, permission);
  return [
    "credentials",
    ...(may("service_account:read") ? (["serviceAccounts"] as const) : []),
    ...(may("token:read") || may("token:manage_own") ? (["tokens"] as const) : []),
    ...(may("access:manage") ? (["requests"] as const) : []),
    ...(may("people:read") ? (["people"] as const) : []),
    ...(may("group:read") ? (["groups"] as const) : []),
    ...(may("audit:read") ? (["audit"] as const) : []),
    ...(may("credential:import") ? (["import"] as const) : []),
    ...(may("organization:manage") ? (["settings"] as const) : []),
    ...(may("platform:manage") ? (["organizations"] as const) : []),
  ];
}
