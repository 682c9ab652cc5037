import type { ScopeChoice } from "../authorization";

const api = (name: string) => `https://www.googleapis.com/auth/${name}`;

/** Least privilege first: who one is, and files that are opened through this connection. The rest is to be chosen. */
export const scopes: ScopeChoice[] = [
  { value: "openid", label: "Who you are", always: true },
  { value: "email", label: "Your e-mail address", always: true },
  {
    value: api("drive.file"),
    label: "Drive: files made or opened by workflows",
    help: "No other file can be seen.",
    preset: true,
  },
  { value: api("drive.readonly"), label: "Drive: read every file" },
  { value: api("drive"), label: "Drive: read, change and delete every file" },
  { value: api("spreadsheets.readonly"), label: "Sheets: read" },
  { value: api("spreadsheets"), label: "Sheets: read and change" },
  { value: api("gmail.readonly"), label: "Gmail: read" },
  { value: api("gmail.send"), label: "Gmail: send" },
  { value: api("calendar.readonly"), label: "Calendar: read" },
  { value: api("calendar.events"), label: "Calendar: read and change events" },
];
