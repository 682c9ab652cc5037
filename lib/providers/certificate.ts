import "server-only";
import { X509Certificate } from "node:crypto";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { Problem } from "./test-run";

/** How much of a certificate is checked: nothing, who signed it, or also for whom. */
export type CertificateMode = "disable" | "require" | "verify-ca" | "verify-full";

/** What the TLS handshake found out about the server. */
export interface PresentedCertificate {
  certificate: PeerCertificate;
  /** OpenSSL's verdict on the chain; undefined when it is trusted. */
  chainError: string | undefined;
}

/** Judges a server's certificate as the mode demands. Nothing of the user's is sent before this has returned. */
export function certificateProblem(
  mode: CertificateMode,
  host: string,
  { certificate, chainError }: PresentedCertificate,
): Problem | undefined {
  if (mode === "require" || mode === "disable") return undefined;
  if (chainError !== undefined) return CHAIN[chainError] ?? UNTRUSTED;
  if (mode === "verify-ca") return undefined;
  return checkServerIdentity(host, certificate) === undefined ? undefined : NAME_MISMATCH;
}

/** "valid from 2026-01-01 to 2027-01-01, issued by Example CA": the peer's words, cut to harmless ones. */
export function describeCertificate(certificate: PeerCertificate): string {
  const issuer = harmless(String(certificate.issuer?.CN ?? certificate.issuer?.O ?? "an unnamed authority"));
  return `certificate valid from ${day(certificate.valid_from)} to ${day(certificate.valid_to)}, issued by ${issuer}`;
}

export const expiry = (certificate: PeerCertificate): Date | undefined => {
  const end = new Date(certificate.valid_to);
  return Number.isNaN(end.getTime()) ? undefined : end;
};

/** Whether the text holds nothing but readable certificates. */
export function isCertificateBundle(pem: string): boolean {
  const blocks = pem.split("-----END CERTIFICATE-----").slice(0, -1);
  try {
    for (const block of blocks)
      new X509Certificate(`${block.slice(block.indexOf("-----BEGIN CERTIFICATE-----"))}-----END CERTIFICATE-----`);
    return blocks.length > 0;
  } catch {
    return false;
  }
}

const day = (text: string) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "an unknown date" : date.toISOString().slice(0, 10);
};

/** Letters, digits and plain punctuation: no line breaks, no direction marks, nothing to mistake for markup. */
const harmless = (text: string) =>
  text.replace(/[^\p{L}\p{N} .,:'()*/+-]/gu, "").slice(0, 80) || "an unnamed authority";

const problem = (code: string, meaning: string, advice: string, field: string): Problem => ({
  code,
  meaning,
  advice,
  field,
  outcome: "failed",
});

const UNTRUSTED = problem(
  "certificate_unknown_authority",
  "The server's certificate is signed by an authority that is not trusted.",
  "Enter the certificate of the authority that signed it, in PEM form.",
  "ssl_ca",
);

const SELF_SIGNED = problem(
  "certificate_self_signed",
  "The server's certificate, or the authority that signed it, is vouched for by nobody else.",
  "Enter that certificate as the certificate authority, if it is the right one.",
  "ssl_ca",
);

const CHAIN: Record<string, Problem> = {
  CERT_HAS_EXPIRED: problem(
    "certificate_expired",
    "The server's certificate has expired.",
    "Renew the certificate on the server.",
    "host",
  ),
  CERT_NOT_YET_VALID: problem(
    "certificate_not_yet_valid",
    "The server's certificate is not valid yet.",
    "Check the clocks of the server and of this installation.",
    "host",
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: SELF_SIGNED,
};

const NAME_MISMATCH = problem(
  "certificate_name_mismatch",
  "The server's certificate is made out for another host name.",
  "Use the host name that the certificate names, or have it made out for this one.",
  "host",
);
