import { superai } from "@/lib/http/superai";
import { notFound } from "@/lib/refusal";
import { instanceAct } from "@/lib/wire/superai/operations/plugins";
import { nothingRunsHere } from "@/lib/wire/superai/plugin-instances";

const ACTS = ["execute", "poll", "ui_schema"];

/** What would run a flow's task. Who asks must be known, and nothing is looked up. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(instanceAct, {
  POST: async ({ params }) => {
    throw ACTS.includes(params.act ?? "") ? nothingRunsHere() : notFound();
  },
});
