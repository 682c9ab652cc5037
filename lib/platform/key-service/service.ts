/** Wraps and unwraps 32 bytes under a key that never leaves the service. Throws KeyServiceFailure, or whatever its client throws. */
export interface KeyService {
  wrap(key: string, bytes: Buffer): Promise<Uint8Array>;
  unwrap(key: string, bytes: Buffer): Promise<Uint8Array>;
}
