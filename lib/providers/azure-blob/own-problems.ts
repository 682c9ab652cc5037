import "server-only";
import type { Problem } from "../test-run";

/** What the values say against themselves, before anybody is asked. */

export const INCOMPLETE: Problem = {
  code: "value_missing",
  meaning: "The values do not name a storage account and what opens it.",
  advice: "Enter account and key, a SAS, or an application.",
  field: "secret",
  outcome: "failed",
};

export const NO_ACCESS: Problem = {
  code: "no_access_token",
  meaning: "The application has no access token to try.",
  advice: "Test again: it is fetched first.",
  outcome: "unreachable",
};

export const ENDED: Problem = {
  code: "sas_expired",
  meaning: "The shared access signature has ended: its se= lies in the past. Nothing was sent.",
  advice: "Make a new one in Azure, with a later end, and enter it.",
  field: "secret",
  outcome: "failed",
};

export const NOT_BEGUN: Problem = {
  code: "sas_not_yet_valid",
  meaning: "The shared access signature does not hold yet: its st= lies in the future. Nothing was sent.",
  advice: "Wait until then, or make one that begins now. If it should hold already, check the clocks.",
  field: "secret",
  outcome: "failed",
};

export const FOR_ONE_BLOB: Problem = {
  code: "sas_for_one_blob",
  meaning:
    "The shared access signature is for a single blob, version or snapshot, of which there is no list to ask for.",
  advice: "Make one for the container or the account.",
  field: "secret",
  outcome: "failed",
};

export const NEEDS_CONTAINER: Problem = {
  code: "value_missing",
  meaning: "The shared access signature is for one container, and the container is not named.",
  advice: "Enter the container that it was made for.",
  field: "container",
  outcome: "failed",
};

/** In the place of "no such host": a storage account is known by its host name alone. */
export const UNKNOWN_ACCOUNT = {
  meaning: "No storage account of this name is known there.",
  advice:
    "Check the account's name, and that it has not been deleted. In a national cloud or with a private address, enter the blob service address.",
};
