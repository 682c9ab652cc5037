import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import { stream, streamBody, streamChange, streamTest, streamTrial } from "../schemas/audit-stream";

/** Where the organisation's audit log is sent. */
const tag = "Audit streams";

export const streams = resource("/audit-streams", {
  GET: {
    id: "listAuditStreams",
    tag,
    summary: "List the receivers of the audit log, and how each stands",
    permission: "audit:read",
    answers: { 200: { description: "All of them, by name.", body: z.array(stream) } },
  },
  POST: {
    id: "createAuditStream",
    tag,
    summary: "Add a receiver of the audit log, once it has taken a test batch",
    permission: "audit_stream:manage",
    body: { schema: streamBody },
    answers: { 201: { description: "As it was added.", body: stream, headers: ["ETag"] } },
    refusals: ["conflict", "over_limit", "external_failure"],
  },
});

export const oneStream = resource("/audit-streams/{id}", {
  GET: {
    id: "getAuditStream",
    tag,
    summary: "Read how one of them stands",
    permission: "audit:read",
    answers: { 200: { description: "As it is now.", body: stream, headers: ["ETag"] } },
  },
  PATCH: {
    id: "updateAuditStream",
    tag,
    summary: "Change a receiver of the audit log",
    permission: "audit_stream:manage",
    headers: ["If-Match"],
    body: { schema: streamChange },
    answers: { 200: { description: "As it is now.", body: stream, headers: ["ETag"] } },
    refusals: ["conflict", "external_failure"],
  },
  DELETE: {
    id: "deleteAuditStream",
    tag,
    summary: "Take a receiver of the audit log away",
    permission: "audit_stream:manage",
    headers: ["If-Match"],
    answers: { 204: { description: "It is gone." } },
  },
});

const switched = { 200: { description: "As it is now.", body: stream, headers: ["ETag"] } } as const;
const tested = { 200: { description: "Whether the receiver took it.", body: streamTest } } as const;

export const streamPause = resource("/audit-streams/{id}/pause", {
  POST: {
    id: "pauseAuditStream",
    tag,
    summary: "Stop sending to a receiver",
    permission: "audit_stream:manage",
    answers: switched,
  },
});

export const streamResumption = resource("/audit-streams/{id}/resume", {
  POST: {
    id: "resumeAuditStream",
    tag,
    summary: "Go on sending to a receiver, at once",
    permission: "audit_stream:manage",
    answers: switched,
  },
});

export const storedStreamTest = resource("/audit-streams/{id}/test", {
  POST: {
    id: "testAuditStream",
    tag,
    summary: "Send an empty batch to a receiver",
    permission: "audit_stream:manage",
    answers: tested,
  },
});

export const settingsTest = resource("/audit-streams/test", {
  POST: {
    id: "testAuditStreamSettings",
    tag,
    summary: "Send an empty batch with settings that need not be stored",
    permission: "audit_stream:manage",
    body: { schema: streamTrial },
    answers: tested,
  },
});
