/** The first tables: conversations with their inbox and outbox, cases, content, staff, upkeep. */

import { type CreateTableBuilder, sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import { exec, type Script } from "../statement.ts";

type Table = CreateTableBuilder<string, string>;

export function* firstTables(d: Dialect): Script<void> {
  yield* conversationTables(d);
  yield* outboxTables(d);
  yield* caseTables(d);
  yield* contentTables(d);
  yield* staffTables(d);
  yield* upkeepTables(d);
}

function* conversationTables(d: Dialect): Script<void> {
  yield* make(d, "conversations", (t) =>
    columns(
      t.addColumn("id", "text", (c) => c.primaryKey()),
      {
        text: ["channel"],
        textOrNull: ["pseudonym", "leased_by"],
        blobOrNull: ["sealed_address"],
        int: ["version", "last_seq", "last_ordinal", "last_item", "offer_at", "fence", "active_day", "gone"],
        intOrNull: ["waiting_since", "gone_at"],
      },
      d,
    ),
  );
  yield* exec(
    d.db.schema.createIndex("conversations_pseudonym").unique().on("conversations").column("pseudonym"),
  );
  // Only those that wait are in this index, so taking work costs the same beside a million quiet conversations.
  yield* exec(
    d.db.schema
      .createIndex("conversations_waiting")
      .on("conversations")
      .columns(["waiting_since", "offer_at"])
      .where(sql.ref("waiting_since"), "is not", null),
  );
  yield* exec(
    d.db.schema.createIndex("conversations_active").on("conversations").columns(["gone", "active_day"]),
  );
  yield* make(d, "keys", (t) =>
    columns(t.addColumn("n", d.counter), { text: ["conversation_id"], blob: ["wrapped_key"] }, d),
  );
  yield* exec(d.db.schema.createIndex("keys_conversation").unique().on("keys").column("conversation_id"));
  yield* make(d, "states", (t) =>
    columns(
      t.addColumn("conversation_id", "text", (c) => c.primaryKey()),
      { blob: ["sealed"] },
      d,
    ),
  );
  yield* make(d, "seen", (t) =>
    columns(
      t.addColumn("mark", d.blob, (c) => c.primaryKey()),
      { int: ["at"] },
      d,
    ),
  );
  yield* exec(d.db.schema.createIndex("seen_at").on("seen").column("at"));
  yield* make(d, "events", (t) =>
    columns(
      t,
      {
        text: ["conversation_id", "id"],
        blob: ["sealed"],
        int: ["seq", "at", "failures"],
        intOrNull: ["handled_at"],
      },
      d,
    ).addPrimaryKeyConstraint("events_key", ["conversation_id", "seq"]),
  );
  yield* exec(
    d.db.schema
      .createIndex("events_open")
      .on("events")
      .columns(["conversation_id", "seq"])
      .where(sql.ref("handled_at"), "is", null),
  );
  yield* exec(
    d.db.schema
      .createIndex("events_handled")
      .on("events")
      .column("handled_at")
      .where(sql.ref("handled_at"), "is not", null),
  );
  yield* make(d, "messages", (t) =>
    columns(
      t,
      {
        text: ["conversation_id", "id", "author", "state"],
        textOrNull: ["failure_code"],
        blob: ["sealed"],
        blobOrNull: ["sealed_ref"],
        int: ["ordinal", "at"],
      },
      d,
    ).addPrimaryKeyConstraint("messages_key", ["conversation_id", "ordinal"]),
  );
  yield* exec(
    d.db.schema
      .createIndex("messages_ref")
      .on("messages")
      .column("at")
      .where(sql.ref("sealed_ref"), "is not", null),
  );
  yield* make(d, "timers", (t) =>
    columns(
      t,
      { text: ["conversation_id", "timer", "token"], int: ["due_at", "offers"] },
      d,
    ).addPrimaryKeyConstraint("timers_key", ["conversation_id", "timer"]),
  );
  yield* exec(d.db.schema.createIndex("timers_due").on("timers").column("due_at"));
}

function* outboxTables(d: Dialect): Script<void> {
  yield* make(d, "outbox", (t) =>
    columns(
      t,
      {
        text: ["conversation_id", "kind", "channel", "state"],
        int: ["item", "safety", "attempts", "unclear", "queued_at", "due_at", "fence", "head"],
        intOrNull: ["message_ordinal"],
      },
      d,
    ).addPrimaryKeyConstraint("outbox_key", ["conversation_id", "item"]),
  );
  yield* exec(
    d.db.schema
      .createIndex("outbox_due")
      .on("outbox")
      .columns(["due_at", "channel"])
      .where(sql.ref("head"), "=", sql.lit(1)),
  );
}

function* caseTables(d: Dialect): Script<void> {
  yield* make(d, "cases", (t) =>
    columns(
      t.addColumn("id", "text", (c) => c.primaryKey()),
      {
        text: ["code", "conversation_id", "state", "level", "topic", "lang", "channel"],
        textOrNull: ["claimed_by", "outcome"],
        blobOrNull: ["sealed_reasons"],
        int: [
          "level_rank",
          "asked",
          "opened_at",
          "level_at",
          "last_person_at",
          "unread",
          "person_left",
          "version",
          "transcript_gone",
        ],
        intOrNull: ["claimed_at", "closed_at"],
      },
      d,
    ),
  );
  yield* exec(d.db.schema.createIndex("cases_conversation").on("cases").column("conversation_id"));
  yield* exec(
    d.db.schema
      .createIndex("cases_order")
      .on("cases")
      .columns(["state", "level_rank desc", "opened_at", "id"]),
  );
  yield* exec(
    d.db.schema.createIndex("cases_closed").on("cases").columns(["state", "transcript_gone", "closed_at"]),
  );
  yield* make(d, "case_notes", (t) =>
    columns(
      t.addColumn("id", "text", (c) => c.primaryKey()),
      {
        text: ["case_id", "by_staff"],
        blob: ["sealed"],
        int: ["at"],
      },
      d,
    ).addForeignKeyConstraint("case_notes_case", ["case_id"], "cases", ["id"]),
  );
  yield* exec(d.db.schema.createIndex("case_notes_of").on("case_notes").columns(["case_id", "at"]));
}

function* contentTables(d: Dialect): Script<void> {
  yield* make(d, "revisions", (t) =>
    columns(
      t,
      {
        text: ["kind", "key", "source", "state", "by_whom", "note"],
        int: ["number", "at"],
      },
      d,
    ).addPrimaryKeyConstraint("revisions_key", ["kind", "key", "number"]),
  );
  yield* exec(d.db.schema.createIndex("revisions_state").on("revisions").column("state"));
  yield* make(d, "unanswered", (t) =>
    columns(t.addColumn("n", d.counter), { text: ["question"], int: ["at"] }, d),
  );
}

function* staffTables(d: Dialect): Script<void> {
  yield* make(d, "staff", (t) =>
    columns(
      t.addColumn("id", "text", (c) => c.primaryKey()),
      {
        text: ["login", "login_key", "alias", "roles", "password_hash"],
        int: ["disabled"],
      },
      d,
    ),
  );
  yield* exec(d.db.schema.createIndex("staff_login").unique().on("staff").column("login_key"));
  yield* make(d, "tokens", (t) =>
    columns(
      t.addColumn("hash", "text", (c) => c.primaryKey()),
      {
        text: ["kind", "roles"],
        textOrNull: ["staff_id"],
        int: ["expires_at"],
      },
      d,
    ),
  );
  yield* exec(d.db.schema.createIndex("tokens_expiry").on("tokens").column("expires_at"));
  yield* make(d, "duty", (t) =>
    columns(
      t.addColumn("staff_id", "text", (c) => c.primaryKey()),
      { int: ["until"] },
      d,
    ),
  );
}

function* upkeepTables(d: Dialect): Script<void> {
  yield* make(d, "secrets", (t) =>
    columns(
      t.addColumn("name", "text", (c) => c.primaryKey()),
      { blob: ["sealed"], int: ["version"] },
      d,
    ),
  );
  yield* make(d, "audit", (t) =>
    columns(t.addColumn("n", d.counter), { text: ["actor", "action", "subject", "detail"], int: ["at"] }, d),
  );
  yield* exec(d.db.schema.createIndex("audit_subject").on("audit").columns(["subject", "n"]));
  yield* make(d, "counts", (t) =>
    columns(t, { text: ["day", "name", "labels"], int: ["shard", "n"] }, d).addPrimaryKeyConstraint(
      "counts_key",
      ["day", "name", "labels", "shard"],
    ),
  );
}

interface Columns {
  readonly text?: readonly string[];
  readonly textOrNull?: readonly string[];
  readonly blob?: readonly string[];
  readonly blobOrNull?: readonly string[];
  readonly int?: readonly string[];
  readonly intOrNull?: readonly string[];
}

function columns(table: Table, of: Columns, d: Dialect): Table {
  let t = table;
  for (const [names, type, needed] of [
    [of.text, "text", true],
    [of.textOrNull, "text", false],
    [of.int, d.int, true],
    [of.intOrNull, d.int, false],
    [of.blob, d.blob, true],
    [of.blobOrNull, d.blob, false],
  ] as const) {
    for (const name of names ?? []) t = t.addColumn(name, type, (c) => (needed ? c.notNull() : c));
  }
  return t;
}

function make(d: Dialect, name: string, fill: (t: Table) => Table): Script<void> {
  return exec(fill(d.db.schema.createTable(name) as Table));
}
