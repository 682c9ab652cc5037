import { idempotent } from "@/lib/http/idempotent";
import { litegraph } from "@/lib/http/litegraph";
import { onboardOrganization } from "@/lib/people";
import { onboarded } from "@/lib/wire/litegraph/present";
import { newOnboarding } from "@/lib/wire/litegraph/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants/onboarding", {
  PUT: async (call) => {
    const { organization, ...members } = await newOnboarding(await call.json());
    let masked: unknown;
    const make = async (reservedId: string | undefined) => {
      const made = await onboardOrganization(call.actor, { ...members, organization: { ...organization, reservedId } });
      masked = onboarded(made, false);
      return { status: 200, body: onboarded(made, true) };
    };
    return idempotent(call, make, () => masked);
  },
});
