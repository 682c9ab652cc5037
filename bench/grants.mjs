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
  };
  // Apart, since what was fetched is counted while the next lists are read.
  const lists = await ratesOf(Object.values(asked).map(([listed]) => listed));
  const fetches = await ratesOf(Object.values(asked).flatMap(([, fetched]) => fetched ?? []));
  const rows = Object.entries(asked).map(([reach, [, fetched]], at) => ({
    reach,
    list: plainList / lists[at],
    fetch: fetched && plainFetch / fetches.shift(),
  }));
  return { plainList, plainFetch, rows };
}
