/**
 * What grants and ownership give whoever a statement looks for over a row `c` of credentials: the text[] that `may` judges
 * (prisma/functions/access.sql). What is the same for all rows is looked up once for all of them.
 */
export const GRANTED =
  "granted_rights(c.owner_id, c.provider, c.tags, (SELECT app_subject()), (SELECT wide_grants()), ARRAY(SELECT * FROM named_grants(c.org_id, c.id)))";
