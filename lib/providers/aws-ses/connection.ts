import "server-only";
import type { GetAccountResponse, SESv2Client } from "@aws-sdk/client-sesv2";
import type { CredentialData } from "../define";
import { defineConnection, type Network } from "../define-connection";
import { placeOf, secured } from "../http-exchange";
import { type ReachedHost, reach, reachWithin } from "../reach";
import { type Problem, type StepDetails, StepError, TestRun } from "../test-run";
import { asked, settingsOf, Wire } from "./amazon";
import { amazonProblem, MAY_NOT, NO_SUCH_SET, NOT_VERIFIED, PAUSED, SANDBOX, USED_UP } from "./problems";

/**
 * Who the key is (STS, which answers any valid key), then what it may send and from where (SES). Nothing is sent. What
 * only limits the key does not end the test.
 */
export const connection = defineConnection({
  plan: [
    ...(["values", "resolve", "address", "connect", "tls", "sign_in"] as const),
    ...(["quota", "from_address", "configuration_set"] as const),
  ],

  async test(data, testRun, network) {
    testRun.fieldInForm = (field) => (field === "host" || field === "port" ? "region" : field);
    await identity(data, testRun, network);
    const ses = await mailService(data, testRun.signal, network);
    await testRun.step("quota", (notes) => quota(ses, notes)).catch(goOn);
    await testRun.step("from_address", (notes) => fromAddress(ses, data.from_address, notes)).catch(goOn);
    await testRun.step("configuration_set", (notes) => configurationSet(ses, data.configuration_set, notes));
  },
});

/** Who the key is, and no more: for keys that are not for mail. */
export const identityConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in"],
  test: identity,
});

/** A limit is told, and the rest is asked all the same; unless Amazon wants to be left alone. */
function goOn(error: unknown): void {
  const limited = error instanceof StepError && error.problem.outcome === "degraded";
  if (!limited || error.problem.code === "rate_limited") throw error;
}

async function identity(data: CredentialData, testRun: TestRun, network: Network): Promise<void> {
  const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const url = await testRun.step("values", () =>
    endpointOf(data, network, (Region) =>
      new STSClient(settingsOf(data, undefined)).config.endpointProvider({ Region }),
    ),
  );
  const place = placeOf(url);
  const reached: ReachedHost = await reach(testRun, place, network);
  const stream = await testRun.step("tls", (notes) => secured(testRun, notes, place, reached));
  const wire = new Wire(async () => stream);
  const sts = new STSClient(settingsOf(data, url, wire));
  await testRun.step("sign_in", async (notes) => {
    const { Arn } = await asked(
      () => sts.send(new GetCallerIdentityCommand({})),
      (error) => new StepError(notMerelyLimited(amazonProblem(error, wire.answer))),
    );
    if (typeof Arn === "string" && /^arn:[\x21-\x7e]{1,300}$/.test(Arn)) notes.detail = Arn;
  });
}

/** Whoever is denied their own identity is denied everything. */
const notMerelyLimited = (problem: Problem): Problem =>
  problem === MAY_NOT ? { ...MAY_NOT, meaning: "The account denies this key everything.", outcome: "failed" } : problem;

/** Where a service is asked: at Amazon, by Amazon's own rules for the region, or where the operator says. */
function endpointOf(data: CredentialData, network: Network, atAmazon: (region: string) => { url: URL }): URL {
  if (network.awsEndpoint !== undefined) return new URL(network.awsEndpoint);
  return atAmazon(String(data.region)).url;
}

/** Asks SES one thing. Each request has a connection of its own, made by the same rules as the first. */
type MailService = <T>(ask: (client: SESv2Client) => Promise<T>) => Promise<T>;

async function mailService(data: CredentialData, signal: AbortSignal, network: Network): Promise<MailService> {
  const { SESv2Client } = await import("@aws-sdk/client-sesv2");
  const url = endpointOf(data, network, (Region) =>
    new SESv2Client(settingsOf(data, undefined)).config.endpointProvider({ Region }),
  );
  const place = placeOf(url);
  // The certificate's facts belong to the step that showed them first.
  const quiet = new TestRun([], { signal });
  const open = async () => secured(quiet, {}, place, await reachWithin(signal, place, network));
  return (ask) => {
    const wire = new Wire(open);
    const client = new SESv2Client(settingsOf(data, url, wire));
    return asked(
      () => ask(client),
      (error) => new StepError(signedIn(amazonProblem(error, wire.answer))),
    );
  };
}

/** The key has proved itself at STS by now, so a service that is busy takes nothing away from that. */
const signedIn = (problem: Problem): Problem =>
  problem.code === "rate_limited"
    ? {
        ...problem,
        meaning: "The key works, but Amazon SES is asked too much by this account just now.",
        outcome: "degraded",
      }
    : problem;

async function quota(ses: MailService, notes: StepDetails): Promise<void> {
  const { GetAccountCommand } = await import("@aws-sdk/client-sesv2");
  const account = await ses((client) => client.send(new GetAccountCommand({})));
  notes.detail = sendingWords(account);
  if (account.SendingEnabled === false || account.EnforcementStatus === "SHUTDOWN") throw new StepError(PAUSED);
  if (account.ProductionAccessEnabled === false) throw new StepError(SANDBOX);
  const { Max24HourSend = -1, SentLast24Hours = 0 } = account.SendQuota ?? {};
  // -1 is Amazon's word for no limit.
  if (Max24HourSend >= 0 && SentLast24Hours >= Max24HourSend) throw new StepError(USED_UP);
}

function sendingWords({ SendQuota }: GetAccountResponse): string {
  const { Max24HourSend = -1, MaxSendRate, SentLast24Hours = 0 } = SendQuota ?? {};
  const most = Max24HourSend < 0 ? "No limit a day" : `${Max24HourSend} a day`;
  const rate = MaxSendRate === undefined ? "" : `, ${MaxSendRate} a second`;
  return `${most}${rate}; ${SentLast24Hours} sent in the last 24 hours`;
}

async function fromAddress(ses: MailService, address: unknown, notes: StepDetails): Promise<void> {
  if (typeof address !== "string") {
    notes.detail = "None is entered; nothing to check";
    return;
  }
  for (const name of identitiesFor(address)) {
    if (!(await isVerified(ses, name))) continue;
    notes.detail = `Verified: ${name}`;
    return;
  }
  throw new StepError(NOT_VERIFIED);
}

/** How far up a domain is looked for: a verified domain speaks for those below it. */
const DOMAINS_MAX = 3;

/** The address itself, its domain, and the domains above that are no top-level one. */
function identitiesFor(address: string): string[] {
  const labels = address.slice(address.lastIndexOf("@") + 1).split(".");
  const domains = labels.map((_, at) => labels.slice(at).join(".")).filter((domain) => domain.includes("."));
  return [address, ...domains.slice(0, DOMAINS_MAX)];
}

async function isVerified(ses: MailService, name: string): Promise<boolean> {
  const { GetEmailIdentityCommand } = await import("@aws-sdk/client-sesv2");
  const found = await ses((client) =>
    client.send(new GetEmailIdentityCommand({ EmailIdentity: name })).catch(unlessMissing),
  );
  return found?.VerifiedForSendingStatus === true;
}

function unlessMissing(error: unknown): undefined {
  if ((error as { name?: string }).name !== "NotFoundException") throw error;
  return undefined;
}

async function configurationSet(ses: MailService, name: unknown, notes: StepDetails): Promise<void> {
  if (typeof name !== "string") {
    notes.detail = "None is entered; nothing to check";
    return;
  }
  const { GetConfigurationSetCommand } = await import("@aws-sdk/client-sesv2");
  const found = await ses((client) =>
    client.send(new GetConfigurationSetCommand({ ConfigurationSetName: name })).catch(unlessMissing),
  );
  if (!found) throw new StepError(NO_SUCH_SET);
  notes.detail = name;
}
