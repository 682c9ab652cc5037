import "server-only";
import { MongoClient } from "mongodb";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import { StepError, type TestRun } from "../test-run";
import { type Drivable, secureOrPlain } from "./encrypt";
import { NO_PERMISSION, serverProblem } from "./mongodb-problems";
import { MongoRelay } from "./mongodb-relay";
import { readMongoUrl, type Target } from "./mongodb-url";

/**
 * Signs in to one MongoDB server and asks for the names of the collections that the user may see. The driver dials and
 * looks names up by itself, so it is given a relay on this machine: what it sends goes on to the one address that was judged.
 */
export const mongodbConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    testRun.fieldInForm = () => "url";
    const target = await testRun.step("values", () => readMongoUrl(String(data.url)));
    const { stream: plain, isPublic, address } = await reach(testRun, target, network);
    let stream: Drivable = plain;
    try {
      stream = await secureOrPlain(testRun, target, plain, isPublic);
      const relay = new MongoRelay(stream, { target, address, isPublic }, network, testRun.signal);
      await walk(testRun, target, relay, plain).finally(() => relay.close());
    } finally {
      stream.destroy();
      plain.destroy();
    }
  },
});

/** As long as the whole test may take; the test run's own clock ends it earlier. */
const WAIT_MS = 9_000;
const SELECT_MS = 3_000;

async function walk(testRun: TestRun, target: Target, relay: MongoRelay, plain: OpenStream): Promise<void> {
  const client = await driver(target, await relay.listen());
  try {
    await testRun.step("sign_in", async () => {
      await client.connect().catch((error: unknown) => fail(relay, plain, error));
    });
    await testRun.step("permission", async (notes) => {
      const collections = client
        .db(target.database)
        .listCollections({}, { nameOnly: true, authorizedCollections: true });
      const names = await collections.toArray().catch((error: unknown) => fail(relay, plain, error, true));
      notes.detail = `${names.length} collections of ${target.database} can be seen`;
    });
  } finally {
    // A server that does not answer must not hold the end up.
    void client.close(true).catch(() => undefined);
  }
}

function fail(relay: MongoRelay, plain: OpenStream, error: unknown, signedIn = false): never {
  const problem = relay.problem ?? serverProblem(plain, error);
  throw new StepError(signedIn && problem.code === "wrong_credentials" ? NO_PERMISSION : problem);
}

/** One server, one connection to work over, nothing of the driver's own accord. */
async function driver({ username, password, authSource, mechanism }: Target, port: number): Promise<MongoClient> {
  return new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    ...(username !== undefined && { auth: { username, password: password ?? "" }, authSource }),
    ...(mechanism && { authMechanism: mechanism }),
    tls: false,
    maxPoolSize: 1,
    minPoolSize: 0,
    serverMonitoringMode: "poll",
    // It tries again and again until then, however plainly the other side has shown to be something else.
    serverSelectionTimeoutMS: SELECT_MS,
    connectTimeoutMS: WAIT_MS,
    socketTimeoutMS: WAIT_MS,
    waitQueueTimeoutMS: WAIT_MS,
    retryReads: false,
    retryWrites: false,
  });
}
