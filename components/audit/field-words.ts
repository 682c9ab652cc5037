import { anyFieldLabel } from "@/components/credentials/any-field-words";

/** Fields of people, tokens, service accounts and organisations, by the audit log's names, as their forms call them. */
const otherFields: Record<string, string> = {
  email: "E-mail address",
  first_name: "First name",
  last_name: "Last name",
  status: "Status",
  scopes: "It may",
  graphGuids: "Graphs",
  expiresAt: "Expires",
  revokedAt: "End",
  superseded: "The old secret",
  requireTestBeforeSave: "Require a test before saving",
  maxPerProvider: "Credentials of one provider",
  maxPerUser: "Credentials of one person",
  flow_id: "Flow",
  credential_id: "Credential",
  task_name: "Task",
};

/** A field that an event names, whatever the event is about, in the words of the form it stands on. */
export const fieldWord = (name: string): string => otherFields[name] ?? anyFieldLabel(name);
