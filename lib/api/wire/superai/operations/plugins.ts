import { z } from "zod";
import { openResource, resource } from "@/lib/api/wire/operation";
import { capabilities, catalogEntry, plugin } from "../schemas/catalog";
import { anyFolders, place, placeQueries } from "../schemas/place";
import { instance, instanceBody, instanceQuery, newInstanceBody } from "../schemas/plugin-instance";

/** What can be connected, what connected accounts see, and the register of what uses credentials. */
const tag = "Plugins";

export const catalog = resource("/integrations/catalog", {
  GET: {
    id: "listCatalog",
    tag,
    summary: "List the kinds of credentials with their fields",
    permission: "catalog:read",
    answers: { 200: { description: "Every provider.", body: z.array(catalogEntry) } },
  },
});

export const plugins = resource("/plugins", {
  GET: {
    id: "listPlugins",
    tag,
    summary: "List the plugins",
    permission: "catalog:read",
    answers: { 200: { description: "Every plugin.", body: z.array(plugin) } },
  },
});

export const pluginCapabilities = resource("/plugins/{plugin}/capabilities", {
  GET: {
    id: "getCapabilities",
    tag,
    summary: "Tell what can be done with a plugin here",
    permission: "catalog:read",
    answers: { 200: { description: "What can be done.", body: capabilities } },
  },
});

const places = {
  description: "One page; the way to the next one is in the headers.",
  body: z.array(place),
  headers: ["X-Next-Cursor", "Link"],
} as const;
const outside = ["conflict", "external_failure", "reauthorization_required", "damaged"] as const;

export const sites = resource("/integrations/plugins/{plugin}/sites", {
  GET: {
    id: "listSites",
    tag,
    summary: "List the SharePoint sites that an account sees",
    permission: "credential:read",
    query: placeQueries.sites,
    answers: { 200: places },
    refusals: outside,
  },
});

export const drives = resource("/integrations/plugins/{plugin}/drives", {
  GET: {
    id: "listDrives",
    tag,
    summary: "List the drives of a SharePoint site",
    permission: "credential:read",
    query: placeQueries.drives,
    answers: { 200: places },
    refusals: outside,
  },
});

export const folders = resource("/integrations/plugins/{plugin}/folders", {
  GET: {
    id: "listFolders",
    tag,
    summary: "List folders at SharePoint or Google Drive",
    description: "`parent` is Google's; `site_id`, `drive_id` and `folder_id` are SharePoint's.",
    permission: "credential:read",
    query: anyFolders,
    answers: { 200: places },
    refusals: outside,
  },
});

const register = "Register of uses";

export const instances = resource("/plugins/instances", {
  GET: {
    id: "listInstances",
    tag: register,
    summary: "List what uses credentials",
    permission: "plugin_instance:read",
    query: instanceQuery,
    answers: { 200: { description: "One page.", body: z.array(instance) } },
  },
});

export const instancesOfPlugin = resource("/plugins/{plugin}/instances", {
  GET: {
    id: "listInstancesOfPlugin",
    tag: register,
    summary: "List what uses credentials of one plugin",
    permission: "plugin_instance:read",
    query: instanceQuery,
    answers: { 200: { description: "One page.", body: z.array(instance) } },
  },
  POST: {
    id: "registerInstance",
    tag: register,
    summary: "Register a use",
    permission: "plugin_instance:write",
    headers: ["Idempotency-Key"],
    body: { schema: newInstanceBody },
    answers: { 201: { description: "As it was registered.", body: instance, headers: ["Idempotent-Replayed"] } },
    refusals: ["conflict", "over_limit"],
  },
});

export const oneInstance = resource("/plugins/{plugin}/instances/{id}", {
  GET: {
    id: "getInstance",
    tag: register,
    summary: "Read a use",
    permission: "plugin_instance:read",
    answers: { 200: { description: "As it is registered.", body: instance } },
  },
  PUT: {
    id: "updateInstance",
    tag: register,
    summary: "Change a use",
    permission: "plugin_instance:write",
    body: { schema: instanceBody },
    answers: { 200: { description: "As it is now.", body: instance } },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteInstance",
    tag: register,
    summary: "Take a use out of the register",
    permission: "plugin_instance:write",
    answers: { 204: { description: "It is gone." } },
  },
});

export const instanceAct = resource("/plugins/{plugin}/instances/{id}/{act}", {
  POST: {
    id: "runInstance",
    tag: register,
    summary: "Run a flow's task: not done here",
    description:
      "Flows run elsewhere. `execute`, `poll` and `ui_schema` are answered 501, so that nobody takes silence for success.",
    answers: {},
    refusals: ["not_implemented"],
  },
});

export const webhookCallback = openResource("/plugins/{plugin}/instances/{id}/webhook/callback", {
  POST: {
    id: "receiveWebhook",
    tag: register,
    summary: "Receive what a provider pushes: not done here",
    answers: {},
    refusals: ["not_implemented"],
  },
});
