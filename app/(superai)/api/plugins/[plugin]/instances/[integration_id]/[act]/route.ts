import { superai } from "@/lib/api/http/superai";
import { instanceAct } from "@/lib/api/wire/superai/operations/plugins";
import { nothingRunsHere } from "@/lib/api/wire/superai/plugin-instances";
import { notFound } from "@/lib/platform/refusal";

const ACTS = ["execute", "poll", "ui_schema"];

/** What would run a flow's task. Who asks must be known, and nothing is looked up. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(instanceAct, {
  POST: async ({ params }) => {
    throw ACTS.includes(params.act ?? "") ? nothingRunsHere() : notFound();
  },
});
