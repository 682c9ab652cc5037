// What grants cost: lists by whoever sees all by role, for whom no grant is looked at, and fetches while there is one grant over
// everything; against the same with 10,000 grants, by those who reach a part by each way there is.
import { runProgram } from "./product.mjs";

const LIST = "/api/integrations/credentials?limit=50";
const FETCH = "/api/integrations/credentials/{id}/credentials";
const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** @param rateOf runs one request on 16 connections and answers its rate, the best of some rounds for each of a list of requests */
export async function besideGrants(product, seeded, ratesOf) {
  const { programToken, userToken, count } = seeded;
  const list = (token) => ({ method: "GET", path: LIST, headers: bearer(token) });
  const fetch = (token, ids = { count }) => ({ method: "GET", path: FETCH, headers: bearer(token), ids });
  const [plainList, plainFetch] = await ratesOf([list(userToken), fetch(programToken)]);
  const given = JSON.parse(await runProgram(product, "bench/grants.ts", [seeded.orgId, String(count)]));
  const asked = {
    "everything, by role": [list(userToken)],
    "everything, by a grant": [list(programToken), fetch(programToken)],
    "a kind": [list(given.kind), fetch(given.kind)],
    "a tag": [list(given.tagged), fetch(given.tagged, { count: count / 20, step: 20, first: 3 })],
    "3,000 by name": [list(given.named), fetch(given.named, { count: given.byName })],
    "a tag, through a group": [list(given.member)],
  };
  const rates = await ratesOf(Object.values(asked).flat());
  const rows = Object.entries(asked).map(([reach, { length }]) => {
    const [listed, fetched] = rates.splice(0, length);
    return { reach, list: plainList / listed, fetch: fetched === undefined ? undefined : plainFetch / fetched };
  });
  return { plainList, plainFetch, rows };
}
