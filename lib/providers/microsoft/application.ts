const given = (value: unknown) => value !== undefined && value !== null && value !== "";

/** What an application has and a person has not. */
export const applicationFields = ["client_id", "client_secret"];

/** An application signs in as itself with its own secret; a person signs in at Microsoft and leaves tokens behind. */
export const isApplication = (data: Record<string, unknown>): boolean =>
  applicationFields.some((name) => given(data[name]));
