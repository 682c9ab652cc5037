const given = (value: unknown) => value !== undefined && value !== null && value !== "";

/** An application signs in as itself with its own secret; a person signs in at Microsoft and leaves tokens behind. */
export const isApplication = (data: Record<string, unknown>): boolean =>
  given(data.client_id) || given(data.client_secret);
