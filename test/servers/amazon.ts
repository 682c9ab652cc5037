import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { KEYS, wrongSignature } from "./amazon-signature";

/**
 * A stand-in for Amazon's STS and SES, which nobody can run here: on a loopback port, with one account, one key and one region.
 * It really checks each request's signature, by computing it anew with Amazon's own signer, and refuses in Amazon's names.
 */
export interface Amazon {
  url: string;
  port: number;
  keys: { access_key_id: string; secret_access_key: string };
  /** How it behaves from now on; `calm` is an account in good standing. */
  set: (mood: Partial<Mood>) => void;
  calm: () => void;
  /** What was asked, oldest first: "POST /" or "GET /v2/email/account". */
  asked: string[];
  stop: () => Promise<void>;
}

export interface Mood {
  account: object;
  /** Identities that exist, and whether one may send from them. */
  identities: Record<string, boolean>;
  sets: string[];
  /** A service that answers no more than "wait". */
  throttled: "sts" | "ses" | undefined;
  /** What the key may not do, by the path's beginning. */
  denied: string | undefined;
  /** A fault of the service's own. */
  broken: boolean;
  /** The one region that it answers for. */
  region: string;
}

const CALM: Mood = {
  account: {
    EnforcementStatus: "HEALTHY",
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 12 },
  },
  identities: { "verified@example.com": true, "example.org": true, "pending@example.com": false },
  sets: ["tracked"],
  throttled: undefined,
  denied: undefined,
  broken: false,
  region: "eu-central-1",
};

export async function startAmazon(): Promise<Amazon> {
  let mood = CALM;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url}`);
      const body = Buffer.concat(chunks).toString();
      answer(request, body, mood).then(
        (one) => send(response, one),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("The server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    keys: KEYS.lasting,
    set: (change) => {
      mood = { ...mood, ...change };
    },
    calm: () => {
      mood = CALM;
    },
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Said {
  status: number;
  /** The name of the error, in the service's own form; else the value answered. */
  error?: { name: string; message: string };
  value?: object | string;
  retryAfter?: number;
  service: "sts" | "ses";
}

function send(response: ServerResponse, { status, error, value, retryAfter, service }: Said): void {
  const xml = service === "sts";
  response.writeHead(status, {
    "content-type": xml ? "text/xml" : "application/json",
    ...(error && !xml && { "x-amzn-errortype": error.name }),
    ...(retryAfter && { "retry-after": String(retryAfter) }),
  });
  if (error) {
    const words = `<ErrorResponse><Error><Type>Sender</Type><Code>${error.name}</Code><Message>${error.message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
    response.end(xml ? words : JSON.stringify({ message: error.message }));
  } else response.end(typeof value === "string" ? value : JSON.stringify(value));
}

async function answer(request: IncomingMessage, body: string, mood: Mood): Promise<Said> {
  const path = request.url ?? "";
  const service = path === "/" ? "sts" : "ses";
  const refuse = (status: number, name: string, message: string, more: Partial<Said> = {}): Said => ({
    status,
    service,
    error: { name, message },
    ...more,
  });
  if (mood.broken) return refuse(500, "InternalFailure", "A fault of the stand-in's own");
  if (mood.throttled === service) {
    return refuse(429, service === "sts" ? "Throttling" : "TooManyRequestsException", "Rate exceeded", {
      retryAfter: 7,
    });
  }
  const wrong = await wrongSignature(request, body, service, mood.region);
  if (wrong) return refuse(403, wrong[0], wrong[1]);
  if (mood.denied !== undefined && path.startsWith(mood.denied)) {
    return refuse(403, service === "sts" ? "AccessDenied" : "AccessDeniedException", "User is not authorized");
  }
  if (service === "sts") return { status: 200, service, value: IDENTITY };
  if (path === "/v2/email/account") return { status: 200, service, value: mood.account };
  const [, kind, name = ""] = /^\/v2\/email\/(identities|configuration-sets)\/([^/?]+)$/.exec(path) ?? [];
  const known = decodeURIComponent(name);
  if (kind === "identities" && Object.hasOwn(mood.identities, known)) {
    return { status: 200, service, value: { VerifiedForSendingStatus: mood.identities[known] } };
  }
  if (kind === "configuration-sets" && mood.sets.includes(known)) {
    return { status: 200, service, value: { ConfigurationSetName: known } };
  }
  return refuse(404, "NotFoundException", "No such thing");
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/mailer</Arn><UserId>AIDASTANDIN</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
