import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate authority in a folder, and what it signs. Made with OpenSSL, which Node cannot do by itself. */
export interface Authority {
  /** PEM text of the authority's own certificate. */
  certificate: string;
  issue: (
    name: string,
    options?: { names?: string[]; days?: number; selfSigned?: boolean },
  ) => { certificate: string; key: string };
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export function makeAuthority(folder: string, commonName = "Latchkey Test CA"): Authority {
  const path = (file: string) => join(folder, file);
  openssl(
    "req",
    "-x509",
    ...CURVE,
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.crt"),
    "-subj",
    `/CN=${commonName}`,
    "-days",
    "365",
  );
  return {
    certificate: readFileSync(path("ca.crt"), "utf8"),
    issue(name, { names = ["DNS:localhost", "IP:127.0.0.1"], days = 365, selfSigned = false } = {}) {
      const files = {
        key: path(`${name}.key`),
        request: path(`${name}.csr`),
        certificate: path(`${name}.crt`),
        names: path(`${name}.ext`),
      };
      writeFileSync(files.names, `subjectAltName=${names.join(",")}\n`);
      openssl("req", ...CURVE, "-keyout", files.key, "-out", files.request, "-subj", `/CN=${name}`);
      const signer = selfSigned
        ? ["-signkey", files.key]
        : ["-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-CAcreateserial"];
      openssl(
        "x509",
        "-req",
        "-in",
        files.request,
        ...signer,
        "-days",
        String(days),
        "-extfile",
        files.names,
        "-out",
        files.certificate,
      );
      return { certificate: files.certificate, key: files.key };
    },
  };
}

function openssl(...options: string[]): void {
  try {
    execFileSync("openssl", options, { stdio: "pipe" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Error("These tests need OpenSSL: apt-get install openssl");
    throw error;
  }
}
