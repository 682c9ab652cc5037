import type { ScopeChoice } from "../authorization";

/** Reading is what is asked for unless somebody chooses more. What one may not see oneself stays out of reach in any case. */
export const scopes: ScopeChoice[] = [
  { value: "openid", label: "Who you are", always: true },
  { value: "profile", label: "Your name", always: true },
  { value: "email", label: "Your e-mail address", always: true },
  { value: "offline_access", label: "Go on working while you are away", always: true },
  { value: "User.Read", label: "Your profile", always: true },
  { value: "Sites.Read.All", label: "Sites: read what you can read", preset: true },
  { value: "Sites.ReadWrite.All", label: "Sites: change what you can change" },
  { value: "Files.Read.All", label: "Files: read what you can read" },
  { value: "Files.ReadWrite.All", label: "Files: change what you can change" },
];
