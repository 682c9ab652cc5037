import { outsideJson } from "@/lib/platform/net/bounded-json";
import { isGiven, type Mapping, type Values } from "../mapping";
import { flat } from "../open-kind";
import { isObject } from "../text";

/**
 * n8n's credentials that come from signing in: a client of the user's own at a server, and under `oauthTokenData` what the
 * server answered. They become kinds that renew with that very client. A type's addresses are defaults, so an export
 * leaves them out; what is known of them here stands below.
 */
interface Server {
  authUrl: string;
  accessTokenUrl: string;
}

const GOOGLE: Server = {
  authUrl: "https://accounts.google.com/o/oauth2/v2/auth",
  accessTokenUrl: "https://oauth2.googleapis.com/token",
};
const MICROSOFT: Server = {
  authUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
  accessTokenUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
};
const SLACK: Server = {
  authUrl: "https://slack.com/oauth/v2/authorize",
  accessTokenUrl: "https://slack.com/api/oauth.v2.access",
};

/** Where a server's own kind is known here; every other one is the kind for any server. */
const KINDS: Record<string, [provider: string, server: Server]> = {
  gmailOAuth2: ["gmailOAuth2", GOOGLE],
  googleCalendarOAuth2Api: ["googleCalendarOAuth2", GOOGLE],
  googleDocsOAuth2Api: ["googleDocsOAuth2", GOOGLE],
  googleDriveOAuth2Api: ["googleDriveOAuth2", GOOGLE],
  googleSheetsOAuth2Api: ["googleSheetsOAuth2", GOOGLE],
  googleSheetsTriggerOAuth2Api: ["googleSheetsOAuth2", GOOGLE],
  microsoftOutlookOAuth2Api: ["microsoftOutlookOAuth2", MICROSOFT],
  microsoftTeamsOAuth2Api: ["microsoftTeamsOAuth2", MICROSOFT],
};
const ANY_SERVER = "oauth2_client";

/** Types that extend googleOAuth2Api or microsoftOAuth2Api are called like it, but for these. */
const OTHERS: Record<string, Server> = {
  gSuiteAdminOAuth2Api: GOOGLE,
  youTubeOAuth2Api: GOOGLE,
  slackOAuth2Api: SLACK,
};

function kindOf(type: string): [provider: string, server: Partial<Server>] {
  const known = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (known) return known;
  if (Object.hasOwn(OTHERS, type)) return [ANY_SERVER, OTHERS[type] ?? {}];
  if (/^google[A-Z]\w*OAuth2(?:Api)?$|^googleOAuth2Api$/.test(type)) return [ANY_SERVER, GOOGLE];
  return [ANY_SERVER, /^microsoft(?:[A-Z]\w*)?OAuth2Api$/.test(type) ? MICROSOFT : {}];
}

export const isOAuth = (type: string, data: Values): boolean =>
  Object.hasOwn(KINDS, type) || isObject(tokensIn(data)) || (/OAuth2/i.test(type) && isGiven(data.clientId));

/** Older releases kept the tokens as text. */
const tokensIn = ({ oauthTokenData: tokens }: Values): unknown =>
  typeof tokens === "string" ? outsideJson(tokens) : tokens;

const TOKEN = "oauthTokenData.";

/** The row's fields with the tokens' beside them, each under a name of its own, and the moment at which access ends. */
export function withTokens(data: Values, updatedAt: Date | undefined): Values {
  const tokens = tokensIn(data);
  if (!isObject(tokens)) return flat(data);
  const { oauthTokenData: _, ...rest } = data;
  const named = Object.fromEntries(Object.entries(flat(tokens)).map(([name, value]) => [`${TOKEN}${name}`, value]));
  const ends = endOf(tokens, updatedAt);
  return { ...flat(rest), ...named, ...(ends && { [ENDS]: ends.toISOString() }) };
}

const ENDS = `${TOKEN}expires_at`;
/** Ended, for access whose end nobody knows and that can be renewed: it is, before anybody gets it. */
const LONG_AGO = new Date("2001-09-10T00:00:00Z");
const [EARLIEST_MS, LATEST_MS] = [LONG_AGO.getTime(), Date.UTC(2099)];

/**
 * When access ends. n8n keeps the server's answer as it came, with the seconds that it was good for: they count from when
 * the row was stored, which n8n does again at each renewal. Undefined where nothing says so and nothing can renew it.
 */
export function endOf(
  { expires_at, expiry_date, expires_in, refresh_token }: Values,
  storedAt?: Date,
): Date | undefined {
  const seconds = Number(expires_in);
  const counted = isGiven(expires_in) && storedAt && seconds >= 0 ? storedAt.getTime() + seconds * 1_000 : undefined;
  const said = [momentOf(expiry_date), momentOf(expires_at), counted].find(
    (ms) => ms !== undefined && ms >= EARLIEST_MS && ms < LATEST_MS,
  );
  if (said !== undefined) return new Date(said);
  return isGiven(refresh_token) ? LONG_AGO : undefined;
}

/** Milliseconds or seconds since 1970, or a date in words of ISO 8601. */
function momentOf(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return Date.parse(value) || undefined;
  const number = isGiven(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? (number < 1e11 ? number * 1_000 : number) : undefined;
}

/** How rows of such a type are written here. */
export function oauthMapping(type: string): Mapping[] {
  const [provider, server] = kindOf(type);
  return [
    {
      provider,
      type: "oauth2",
      fields: {
        authUrl: "authorizationUrl",
        accessTokenUrl: "accessTokenUrl",
        clientId: "clientId",
        clientSecret: "clientSecret",
        scope: "scope",
        authQueryParameters: "additionalParameters",
        [`${TOKEN}access_token`]: "access_token",
        [`${TOKEN}refresh_token`]: "refresh_token",
        [`${TOKEN}token_type`]: "token_type",
        [`${TOKEN}scope`]: "granted_scope",
        [ENDS]: "expires_at",
      },
      // What was granted is what to ask for the next time somebody signs in.
      defaults: ({ [`${TOKEN}scope`]: granted, enabledScopes }) => ({ ...server, scope: enabledScopes ?? granted }),
      needs: ["accessTokenUrl", "clientId"],
      drop: [
        ...["authentication", "grantType=authorizationcode", "grantType=pkce", "useDynamicClientRegistration=false"],
        ...["sendAdditionalBodyProperties=false", "ignoreSSLIssues", "tokenExpiredStatusCode", "jweEnabled=false"],
        ...["customScopes", "enabledScopes", "allowedHttpRequestDomains", `${TOKEN}callbackQueryString`],
      ],
    },
  ];
}

/** What becomes of the access itself, for rows whose credential cannot renew it. */
export function accessNote(data: Values, canRenew: boolean): string[] {
  if (canRenew || !isGiven(data[`${TOKEN}access_token`])) return [];
  const ends = data[ENDS];
  const when =
    typeof ends === "string" && ends > LONG_AGO.toISOString()
      ? `ends at ${ends}`
      : "ends at a time that the export does not tell";
  return [`Its access token ${when}, and nothing here can renew it: sign in again before then.`];
}
