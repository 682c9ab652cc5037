import type { ScopeChoice } from "../authorization";

/** What a person may be asked for. Least privilege first; the rest is to be chosen. */
export const scopes: ScopeChoice[] = [
  { value: "openid", label: "Who you are", always: true },
  { value: "profile", label: "Your name", always: true },
  { value: "email", label: "Your e-mail address", always: true },
  { value: "offline_access", label: "Go on working while you are away", always: true },
  { value: "User.Read", label: "Your profile", preset: true },
  { value: "Mail.Read", label: "Mail: read" },
  { value: "Mail.Send", label: "Mail: send" },
  { value: "Calendars.Read", label: "Calendar: read" },
  { value: "Calendars.ReadWrite", label: "Calendar: read and change" },
  { value: "Files.Read", label: "OneDrive: read your files" },
  { value: "Files.ReadWrite", label: "OneDrive: read and change your files" },
];

const given = (value: unknown) => value !== undefined && value !== null && value !== "";

/** An application signs in as itself with its own secret; a person signs in at Microsoft and leaves tokens behind. */
export const isApplication = (data: Record<string, unknown>): boolean =>
  given(data.client_id) || given(data.client_secret);
