import { may } from "@/lib/access/authorize";
import { litegraph } from "@/lib/http/litegraph";
import { administratorOf, ownOrganization, pageOfOrganizations } from "@/lib/people";
import { onePage } from "@/lib/wire/litegraph/enumeration";
import { tenant } from "@/lib/wire/litegraph/present";
import { enumeration } from "../../enumerate";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v2.0/tenants",
  enumeration(async ({ actor }, wanted) => {
    await administratorOf(actor, actor.orgId);
    if (!may(actor, "platform:manage")) return onePage([tenant(await ownOrganization(actor))], wanted);
    const found = await pageOfOrganizations(actor, wanted);
    return { ...found, items: found.items.map(tenant) };
  }),
);
