import { pemBlocks, pemLabels, writePem } from "./pem";

/** Hosted databases give out bundles of a hundred authorities and more; this leaves room beside them in a body of 256 KiB. */
export const CERTIFICATES_MAX = 245_760;

/** Older names for the same thing. */
const LABELS = ["CERTIFICATE", "X509 CERTIFICATE"];

/** What is wrong with a text that should hold certificates, by its shape alone; undefined when nothing is. */
export function certificatesProblem(text: string): string | undefined {
  const labels = pemLabels(text);
  // This field is shown to people.
  if (text.includes("PRIVATE KEY")) return "Holds a private key; paste the certificate alone";
  const whole = pemBlocks(text).filter(({ label }) => LABELS.includes(label)).length;
  if (whole > 0 && whole === labels.filter((label) => LABELS.includes(label)).length) return undefined;
  if (labels.some((label) => LABELS.includes(label)))
    return "Is cut off: a certificate in it has no last line, -----END CERTIFICATE-----";
  return (OTHERS.find(([what]) => labels.some((label) => what.test(label))) ?? [null, MUST])[1];
}

const MUST = "Must be one or more certificates, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";

const OTHERS: [RegExp, string][] = [
  [/^TRUSTED CERTIFICATE$/, "Is in OpenSSL's own form; convert it with openssl x509 -in ca.pem -out new-ca.pem"],
  [/REQUEST$/, "Is a request for a certificate; paste the certificate of the authority"],
  [/^(?:PKCS ?#?7|CMS)/, "Is a PKCS#7 bundle; convert it with openssl pkcs7 -print_certs -in ca.p7b -out ca.pem"],
  [/PUBLIC KEY$/, "Is a public key; paste the certificate of the authority"],
];

/** The certificates in good order, without what stands around them. */
export const mendCertificates = (text: string): string =>
  pemBlocks(text)
    .filter(({ label }) => LABELS.includes(label))
    .map((block) => writePem({ ...block, label: "CERTIFICATE" }))
    .join("");
