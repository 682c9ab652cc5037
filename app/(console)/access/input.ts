import { z } from "zod";
import { reaches, rights, subjectKinds } from "@/lib/vocabulary/access";

const note = z.string().trim().max(500);

export const GrantInput = z.strictObject({
  subject: z.strictObject({ kind: z.enum(subjectKinds), id: z.uuid() }),
  reach: z.enum(reaches),
  key: z.string().max(100),
  rights: z.array(z.enum(rights)).min(1).max(rights.length),
  expiresAt: z.date().nullable(),
  reason: note,
});

export const TakeAwayInput = z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) });

export const TakeAwayOverInput = z.strictObject({
  credentialId: z.uuid(),
  subject: z.strictObject({ kind: z.enum(subjectKinds), id: z.uuid() }),
});

export const SubjectIdInput = z.strictObject({ id: z.uuid() });

export const AskInput = z.strictObject({ credentialId: z.uuid(), right: z.enum(rights), reason: note.min(1) });

export const RequestIdInput = z.strictObject({ id: z.uuid() });

export const AnswerInput = RequestIdInput.extend({ isGranted: z.boolean(), note, expiresAt: z.date().nullable() });
