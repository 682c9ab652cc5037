import type { OpenCall } from "@/lib/http/call";
import { litegraph } from "@/lib/http/litegraph";
import { organizationsOfAddress } from "@/lib/people";
import { invalidField } from "@/lib/refusal";
import { ordered, stretch } from "@/lib/wire/litegraph/enumeration";
import { tenantsOfAddress } from "@/lib/wire/litegraph/operations/tenants";
import { tenant } from "@/lib/wire/litegraph/present";
import { list } from "../../../lists";

/** Asked before anybody has signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.open(tenantsOfAddress, {
  GET: list({
    all: async (call, wanted) => stretch(ordered(await tenantsOf(call), wanted.order), wanted),
    some: async (call, guids) => (await tenantsOf(call)).filter(({ GUID }) => guids.includes(GUID)),
  }),
});

async function tenantsOf({ headers, address }: OpenCall) {
  const email = headers.get("x-email");
  if (!email) throw invalidField("x-email", "Send the e-mail address to look for");
  return (await organizationsOfAddress(email.slice(0, 320), address)).map(tenant);
}
