import "server-only";
import { identityConnection } from "../aws-ses/connection";
import { defineConnection } from "../define-connection";

/** The native question who a key of Amazon's is, which is asked in one region for all. */
export const awsIdentity = defineConnection({
  plan: identityConnection.plan,
  test: (data, testRun, network) => {
    // No form asks for the region.
    testRun.renames = { ...testRun.renames, region: testRun.renames.access_key_id ?? "access_key_id" };
    return identityConnection.test({ ...data, region: "us-east-1" }, testRun, network);
  },
});
