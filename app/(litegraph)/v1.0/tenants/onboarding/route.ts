import { idempotent } from "@/lib/api/http/idempotent";
import { litegraph } from "@/lib/api/http/litegraph";
import { onboarding } from "@/lib/api/wire/litegraph/operations/tenants";
import { onboarded } from "@/lib/api/wire/litegraph/present";
import { newOnboarding } from "@/lib/api/wire/litegraph/read";
import { onboardOrganization } from "@/lib/organizations";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(onboarding, {
  PUT: async (call) => {
    const { organization, ...members } = await newOnboarding(await call.json());
    let masked: unknown;
    const make = async (reservedId: string | undefined) => {
      const made = await onboardOrganization(call.actor, { ...members, organization: { ...organization, reservedId } });
      masked = onboarded(made, false);
      return { status: 200 as const, body: onboarded(made, true) };
    };
    return idempotent(call, make, () => masked);
  },
});
