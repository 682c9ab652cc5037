import { answerRequest } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { accessRequest, answerGiven } from "@/lib/api/wire/superai/access";
import { accessRequestAnswer } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(accessRequestAnswer, {
  POST: async ({ actor, params, json }) => {
    const view = await answerRequest(actor, idInPath(params.request_id, "request"), answerGiven(await json()));
    return { status: 200, body: accessRequest(view) };
  },
});
