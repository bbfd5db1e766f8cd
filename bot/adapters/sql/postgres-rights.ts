/** What the account may do with our tables: one right that is missing stops one kind of work, and everything else looks well. */

import type pg from "pg";
import { StoreError } from "./errors.ts";
import { OWN_TABLES, TABLES } from "./tables.ts";

const OURS: readonly string[] = [...TABLES.map((table) => table.name), ...OWN_TABLES];

/** What this account may not do with tables of ours that are there, as GRANT would name it. */
const MISSING_RIGHTS = `select current_user as account, string_agg(one, '; ' order by one) as missing from (
    select string_agg(r.name, ', ' order by r.name) || ' on ' || t.relname as one
    from pg_class t cross join unnest(array['select', 'insert', 'update', 'delete']) as r(name)
    where t.relnamespace = to_regnamespace(current_schema()) and t.relname = any($1) and t.relkind in ('r', 'p')
      and not has_table_privilege(t.oid, r.name)
    group by t.relname) as tables`;

/** Throws a StoreError that names every table and right; tables that are not there yet are no fault. */
export async function refuseMissingRights(client: pg.ClientBase): Promise<void> {
  const told = await client.query<{ account: string; missing: string | null }>(MISSING_RIGHTS, [OURS]);
  const { account, missing } = told.rows[0] ?? {};
  if (!missing) return;
  throw new StoreError(
    "store_missing_rights",
    `The database account ${account} may not: ${missing}. Give it these rights (grant … to ${account}), or let it own its tables.`,
  );
}
