import { accessOfSubject } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { subjectAccess, subjectKindIn } from "@/lib/api/wire/superai/access";
import { accessOfSubject as resource } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor, params }) => {
    const subject = { kind: subjectKindIn(params.subject_type), id: idInPath(params.subject_id, "subject") };
    return { status: 200, body: subjectAccess(await accessOfSubject(actor, subject)) };
  },
});
