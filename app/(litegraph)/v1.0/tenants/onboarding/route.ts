import { idempotent } from "@/lib/http/idempotent";
import { litegraph } from "@/lib/http/litegraph";
import { onboardOrganization } from "@/lib/people";
import { onboarding } from "@/lib/wire/litegraph/operations/tenants";
import { onboarded } from "@/lib/wire/litegraph/present";
import { newOnboarding } from "@/lib/wire/litegraph/read";

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
