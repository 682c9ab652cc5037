import "server-only";
import { viewOfSignIn } from "./authorization";
import { rowOf } from "./catalog/kind-form";
import { listingOf } from "./catalog/listing-of";
import { kinds } from "./catalog/registry";
import type { Provider } from "./define";
import { GROUP_OF, type Listing } from "./listing-shape";
import { nativeProviders } from "./native";

/** All that lists and the picker know of providers, to be generated: no code and no field of theirs gets to a list. */
export const listingRows = (): Listing[] => [
  ...nativeProviders().map(rowOfNative),
  ...kinds().map((kind) => listingOf(rowOf(kind))),
];

const rowOfNative = ({ id, label, description, category, group, aliases, sameAs, methods }: Provider): Listing => ({
  ...{ id, label, description, category, aliases },
  group: group ?? GROUP_OF[category],
  ...(sameAs !== undefined && { sameAs }),
  methods: methods.map(({ type, label: way, testable, testNeeds, obtainedBy, rotates, authorization }) => ({
    ...{ type, label: way, testable, obtainedBy },
    ...(testNeeds && { testNeeds }),
    ...(rotates && { rotates }),
    ...(authorization && { authorization: viewOfSignIn(authorization) }),
  })),
});
