/** Staff administration: invite, roles, new passwords, disable; and what the operator should know. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Bilingual, Link, Role, Staff } from "../web/api-types.ts";
import { call } from "./api.ts";
import { useOneAtATime } from "./one-at-a-time.ts";
import { Dialog, Icon, Loading, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

const ROLES: readonly Role[] = ["counsellor", "supervisor", "editor", "administrator"];

interface StaffRow extends Staff {
  readonly disabled: boolean;
  readonly onDuty: boolean;
}

export function StaffScreen({ staff }: { staff: Staff }) {
  const { t } = useSpeech();
  const [isInviting, setInviting] = useState(false);
  const list = useQuery({
    queryKey: ["staff"],
    queryFn: () => call<{ staff: readonly StaffRow[] }>("staff/list"),
  });
  return (
    <div className="sheet">
      <header className="sheet-head">
        <div>
          <h1>{t("staff")}</h1>
          <p className="hint">{t("staff_intro")}</p>
        </div>
        <button type="button" className="main" onClick={() => setInviting(true)}>
          {t("invite")}
        </button>
      </header>
      <Refusal error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending ? <Loading /> : <StaffTable rows={list.data?.staff ?? []} me={staff} />}
      <OpenLinks />
      <SystemState />
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </div>
  );
}

function StaffTable({ rows, me }: { rows: readonly StaffRow[]; me: Staff }) {
  const { t, named } = useSpeech();
  const queries = useQueryClient();
  const [editing, setEditing] = useState<StaffRow | null>(null);
  const [forgetful, setForgetful] = useState<StaffRow | null>(null);
  const [leaving, setLeaving] = useState<StaffRow | null>(null);
  const change = useMutation({
    mutationFn: (body: object) => call("staff/change", body),
    onSuccess: () => {
      setEditing(null);
      setLeaving(null);
      void queries.invalidateQueries({ queryKey: ["staff"] });
    },
  });
  return (
    <>
      {!editing && !leaving && <Refusal error={change.error} />}
      <ul className="people">
        {rows.map((row) => (
          <li key={row.id} className={row.disabled ? "off" : ""}>
            <div>
              <b>{row.alias}</b> <span className="hint">{row.login}</span>{" "}
              {row.id === me.id && <span className="mark">{t("you")}</span>}
              {row.onDuty && <span className="mark good">{t("on_duty")}</span>}
              {row.disabled && <span className="mark">{t("disabled")}</span>}
              <p className="hint">{row.roles.map((r) => named("role_", r)).join(", ")}</p>
            </div>
            <div className="buttons">
              <button
                type="button"
                onClick={() => setEditing(row)}
                aria-label={`${t("edit_roles")}: ${row.alias}`}
              >
                {t("edit_roles")}
              </button>
              {row.id !== me.id && !row.disabled && (
                <button
                  type="button"
                  aria-label={`${t("password_link")}: ${row.alias}`}
                  onClick={() => setForgetful(row)}
                >
                  {t("password_link")}
                </button>
              )}
              {row.id !== me.id && (
                <button
                  type="button"
                  aria-label={`${row.disabled ? t("enable") : t("disable")}: ${row.alias}`}
                  onClick={() =>
                    row.disabled ? change.mutate({ id: row.id, disabled: false }) : setLeaving(row)
                  }
                >
                  {row.disabled ? t("enable") : t("disable")}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {editing && (
        <Dialog title={`${t("edit_roles")}: ${editing.alias}`} onClose={() => setEditing(null)}>
          <RolesForm
            start={editing.roles}
            isOwn={editing.id === me.id}
            button={t("set")}
            error={change.error}
            isBusy={change.isPending}
            onRoles={(roles) => change.mutate({ id: editing.id, roles })}
          />
        </Dialog>
      )}
      {leaving && (
        <Dialog title={`${t("disable")}: ${leaving.alias}`} onClose={() => setLeaving(null)}>
          <p>{t("disable_sure")}</p>
          <Refusal error={change.error} />
          <div className="buttons">
            <button type="button" onClick={() => setLeaving(null)}>
              {t("cancel")}
            </button>
            <button
              type="button"
              className="main"
              disabled={change.isPending}
              onClick={() => change.mutate({ id: leaving.id, disabled: true })}
            >
              {t("disable")}
            </button>
          </div>
        </Dialog>
      )}
      {forgetful && <PasswordLinkDialog row={forgetful} onClose={() => setForgetful(null)} />}
    </>
  );
}

interface RolesFormProps {
  readonly start: readonly Role[];
  /** Her own: nobody takes administration from herself. */
  readonly isOwn?: boolean;
  readonly button: string;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly onRoles: (roles: readonly Role[]) => void;
}

function RolesForm({ start, isOwn = false, button, error, isBusy, onRoles }: RolesFormProps) {
  const { t, named } = useSpeech();
  const [roles, setRoles] = useState<readonly Role[]>(start);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRoles(ROLES.filter((r) => roles.includes(r)));
  };
  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend>{t("roles")}</legend>
        {ROLES.map((role) => (
          <label key={role} className="pick">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              disabled={isOwn && role === "administrator"}
              onChange={(e) =>
                setRoles(e.target.checked ? [...roles, role] : roles.filter((r) => r !== role))
              }
            />{" "}
            {named("role_", role)}
          </label>
        ))}
      </fieldset>
      {isOwn && <p className="hint">{t("own_administration")}</p>}
      <Refusal error={error} />
      <button type="submit" className="main wide" disabled={isBusy || roles.length === 0}>
        {button}
      </button>
    </form>
  );
}

interface MadeLink {
  readonly token: string;
  readonly expiresAt: number;
}

/** A link that is shown once, to be given to one person. */
function LinkToGive({ to, made, label }: { to: "invite" | "password"; made: MadeLink; label: string }) {
  const { t, dayAndClock } = useSpeech();
  const [isCopied, setCopied] = useState(false);
  const link = `${location.origin}/console/#/${to}/${encodeURIComponent(made.token)}`;
  return (
    <>
      <label htmlFor="link-to-give">{label}</label>
      <input id="link-to-give" readOnly value={link} onFocus={(e) => e.target.select()} />
      <p className="hint">
        {t("invite_until")} {dayAndClock(made.expiresAt)}
      </p>
      <button
        type="button"
        className="main wide"
        onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
      >
        {isCopied ? t("copied") : t("copy")}
      </button>
    </>
  );
}

function useMakeLink<T>(make: (of: T) => Promise<MadeLink>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: make,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["staff-links"] }),
  });
}

function PasswordLinkDialog({ row, onClose }: { row: StaffRow; onClose: () => void }) {
  const { t } = useSpeech();
  const link = useMakeLink(() => call<MadeLink>("staff/password-link", { id: row.id }));
  const press = useOneAtATime(link.mutateAsync);
  return (
    <Dialog title={`${t("password_link")}: ${row.alias}`} onClose={onClose}>
      {link.data ? (
        <LinkToGive to="password" made={link.data} label={t("password_link_give")} />
      ) : (
        <>
          <p>{t("password_link_sure")}</p>
          <Refusal error={link.error} />
          <button
            type="button"
            className="main wide"
            disabled={link.isPending}
            onClick={() => press(undefined)}
          >
            {t("password_link_make")}
          </button>
        </>
      )}
    </Dialog>
  );
}

/** Invitations and ways back that lie about: who sent one to the wrong person takes it back here. */
function OpenLinks() {
  const { t, named, dayAndClock } = useSpeech();
  const queries = useQueryClient();
  const open = useQuery({
    queryKey: ["staff-links"],
    queryFn: () => call<{ links: readonly Link[] }>("staff/links"),
  });
  const takeBack = useMutation({
    mutationFn: (id: string) => call("staff/take-back", { id }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["staff-links"] }),
  });
  const links = open.data?.links ?? [];
  if (links.length === 0 && !open.error && !takeBack.error) return null;
  return (
    <section className="system">
      <h2>{t("links_open")}</h2>
      <Refusal error={open.error ?? takeBack.error} />
      <ul className="people">
        {links.map((link) => {
          const what = `${t(link.kind === "invite" ? "link_invite" : "link_reset")} ${link.alias}`;
          return (
            <li key={link.id}>
              <div>
                <b>{what}</b>
                <p className="hint">
                  {link.kind === "invite" && `${link.roles.map((r) => named("role_", r)).join(", ")} · `}
                  {t("invite_until")} {dayAndClock(link.expiresAt)}
                </p>
              </div>
              <button
                type="button"
                aria-label={`${t("take_back")}: ${what}`}
                disabled={takeBack.isPending}
                onClick={() => takeBack.mutate(link.id)}
              >
                {t("take_back")}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech();
  const invite = useMakeLink((roles: readonly Role[]) => call<MadeLink>("staff/invite", { roles }));
  const press = useOneAtATime(invite.mutateAsync);
  return (
    <Dialog title={t("invite")} onClose={onClose}>
      {invite.data ? (
        <LinkToGive to="invite" made={invite.data} label={t("invite_link")} />
      ) : (
        <>
          <p>{t("invite_pick")}</p>
          <RolesForm
            start={["counsellor"]}
            button={t("invite_make")}
            error={invite.error}
            isBusy={invite.isPending}
            onRoles={press}
          />
        </>
      )}
    </Dialog>
  );
}

interface SystemAnswer {
  readonly version: string;
  readonly ready: boolean;
  readonly parts: readonly { name: string; ok: boolean; detail: string }[];
  readonly notices: readonly Bilingual[];
}

function SystemState() {
  const { t, both, named } = useSpeech();
  const partName = (name: string) => named("part_", name, named("channel_", name, name));
  const system = useQuery({
    queryKey: ["system"],
    queryFn: () => call<SystemAnswer>("staff/health"),
    refetchInterval: 30_000,
  });
  const data = system.data;
  return (
    <section className="system">
      <h2>{t("system")}</h2>
      <Refusal error={system.error} onRetry={() => void system.refetch()} />
      {data && (
        <>
          <p>
            <Icon name={data.ready ? "check" : "warn"} />{" "}
            {data.ready ? t("system_ready") : t("system_not_ready")} · {data.version}
          </p>
          <ul>
            {data.parts.map((part) => (
              <li key={part.name}>
                <Icon name={part.ok ? "check" : "warn"} /> <b>{partName(part.name)}</b>{" "}
                {part.detail === "served by this process" ? t("part_served") : part.detail}
              </li>
            ))}
          </ul>
          {data.notices.length > 0 && (
            <>
              <h3>{t("warnings")}</h3>
              <ul>
                {data.notices.map((notice) => (
                  <li key={notice.en}>{both(notice)}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
