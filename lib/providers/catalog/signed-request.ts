import type { ClientCertificate } from "@/lib/platform/net/encrypt";

/** A request before it goes out. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
}

export interface SignedRequest extends OutgoingRequest {
  /** Shown to the server while the connection is encrypted. */
  certificate?: ClientCertificate;
}
