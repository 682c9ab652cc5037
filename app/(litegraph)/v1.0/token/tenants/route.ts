import type { PublicCall } from "@/lib/api/http/call";
import { litegraph } from "@/lib/api/http/litegraph";
import { ordered, stretch } from "@/lib/api/wire/litegraph/enumeration";
import { tenantsOfAddress } from "@/lib/api/wire/litegraph/operations/tenants";
import { tenant } from "@/lib/api/wire/litegraph/present";
import { organizationsOfAddress } from "@/lib/organizations";
import { invalidField } from "@/lib/platform/refusal";
import { list } from "../../../lists";

/** Asked before anybody has signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.public(tenantsOfAddress, {
  GET: list({
    all: async (call, wanted) => stretch(ordered(await tenantsOf(call), wanted.order), wanted),
    some: async (call, guids) => (await tenantsOf(call)).filter(({ GUID }) => guids.includes(GUID)),
  }),
});

async function tenantsOf({ headers, address }: PublicCall) {
  const email = headers.get("x-email");
  if (!email) throw invalidField("x-email", "Send the e-mail address to look for");
  return (await organizationsOfAddress(email.slice(0, 320), address)).map(tenant);
}
