import type { Metadata } from "next";
import { ChangePassword } from "@/components/people/change-password";
import { roleLabels, roleMeaning } from "@/components/people/messages";
import { Card } from "@/components/ui/card";
import { Fact, Facts } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { type Role, userRoles } from "@/lib/vocabulary/permissions";
import { changeOwnPassword } from "./actions";
import { SignOutButtons } from "./sign-out-buttons";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const { actor, userName, organizationName } = await requireConsole();
  return (
    <>
      <PageHeader title="Account" />
      <div className="max-w-2xl space-y-5">
        <Card title="You">
          <Facts>
            <Fact name="Name">{userName}</Fact>
            <Fact name="E-mail address">{actor.name}</Fact>
            <Fact name="Organisation">{organizationName}</Fact>
            <Fact name="Role">{roleInWords(actor.role)}</Fact>
          </Facts>
        </Card>
        <Card title="Password" description="Changing it signs you out everywhere but here.">
          <ChangePassword email={actor.name} change={changeOwnPassword} />
        </Card>
        <Card title="Sign out" description="Everywhere means every browser you ever signed in with, this one included.">
          <SignOutButtons />
        </Card>
      </div>
    </>
  );
}

function roleInWords(role: Role): string {
  const user = userRoles.find((one) => one === role);
  return user ? `${roleLabels[user]}: ${roleMeaning[user].toLowerCase()}` : roleLabels[role];
}
