/** Signing in, using an invitation or a way back, changing one's password. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { Role, Staff } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { Icon, Loading, Refusal } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";
import { useCallBack } from "./watch.tsx";

function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t, lang, setLang } = useSpeech();
  return (
    <main className="door">
      <p className="brand">
        <img src="/icon.svg" alt="" width="32" height="32" /> {t("brand")}
      </p>
      <h1>{title}</h1>
      {children}
      <button
        type="button"
        className="quiet"
        lang={lang === "vi" ? "en" : "vi"}
        onClick={() => setLang(lang === "vi" ? "en" : "vi")}
      >
        {t("language")}
      </button>
    </main>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly type?: "text" | "password";
  readonly complete: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** As the server takes a new sign-in name. */
const LOGIN = "\\s*[A-Za-z0-9][A-Za-z0-9._\\-]{1,39}\\s*";
/** The longest name that people see. */
const MAX_ALIAS = 40;

function Field({ label, name, hint, type = "text", complete, ...limits }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        required
        autoComplete={complete}
        autoCapitalize="none"
        spellCheck={false}
        {...limits}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function fieldsOf(event: FormEvent<HTMLFormElement>): Record<string, string> {
  event.preventDefault();
  return Object.fromEntries([...new FormData(event.currentTarget)].map(([k, v]) => [k, String(v)]));
}

export function SignIn({ onDone }: { onDone: (staff: Staff) => void }) {
  const { t } = useSpeech();
  const isCalledBack = useCallBack();
  const enter = useMutation({
    mutationFn: (who: Record<string, string>) => call<{ staff: Staff }>("staff/sign-in", who),
    onSuccess: (answer) => onDone(answer.staff),
  });
  return (
    <Door title={t("sign_in")}>
      {isCalledBack ? (
        <p className="banner" role="alert">
          {t("duty_ended")} {t("duty_ended_hint")}
        </p>
      ) : (
        <p>{t("sign_in_intro")}</p>
      )}
      <form onSubmit={(e) => enter.mutate(fieldsOf(e))}>
        <Field label={t("login")} name="login" complete="username" />
        <Field label={t("password")} name="password" type="password" complete="current-password" />
        <Refusal error={enter.error} />
        <button type="submit" className="main wide" disabled={enter.isPending}>
          {t("sign_in")}
        </button>
      </form>
      <p className="hint">{t("forgot_password")}</p>
    </Door>
  );
}

export function Invitation({ token, onDone }: { token: string; onDone: (staff: Staff) => void }) {
  const { t, named } = useSpeech();
  const offer = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => call<{ roles: Role[] }>("staff/invitation", { token }),
    retry: false,
    refetchOnWindowFocus: false,
  });
  const accept = useMutation({
    mutationFn: (who: Record<string, string>) => call<{ staff: Staff }>("staff/accept", { ...who, token }),
    onSuccess: (answer) => onDone(answer.staff),
  });
  if (offer.isPending) return <Loading />;
  if (offer.error) {
    return (
      <Door title={t("welcome_invite")}>
        <Refusal error={offer.error} />
        <p>{t("invite_dead")}</p>
        <a href="#/">{t("go_sign_in")}</a>
      </Door>
    );
  }
  return (
    <Door title={t("welcome_invite")}>
      <p>
        {t("invite_roles")} <b>{offer.data.roles.map((r) => named("role_", r)).join(", ")}</b>
      </p>
      <form onSubmit={(e) => accept.mutate(fieldsOf(e))}>
        <Field
          label={t("login")}
          name="login"
          complete="username"
          pattern={LOGIN}
          maxLength={40}
          hint={t("login_hint")}
        />
        <Field label={t("alias")} name="alias" complete="off" maxLength={MAX_ALIAS} hint={t("alias_hint")} />
        <Field
          label={t("password")}
          name="password"
          type="password"
          complete="new-password"
          minLength={12}
          hint={t("password_hint")}
        />
        <Refusal error={accept.error} />
        <button type="submit" className="main wide" disabled={accept.isPending}>
          {t("create_account")}
        </button>
      </form>
    </Door>
  );
}

export function PasswordByLink({ token, onDone }: { token: string; onDone: (staff: Staff) => void }) {
  const { t } = useSpeech();
  const whose = useQuery({
    queryKey: ["password-link", token],
    queryFn: () => call<{ login: string; alias: string }>("staff/password-link-of", { token }),
    retry: false,
    refetchOnWindowFocus: false,
  });
  const set = useMutation({
    mutationFn: (body: Record<string, string>) =>
      call<{ staff: Staff }>("staff/set-password", { ...body, token }),
    onSuccess: (answer) => onDone(answer.staff),
  });
  if (whose.isPending) return <Loading />;
  if (whose.error) {
    return (
      <Door title={t("set_password")}>
        <Refusal error={whose.error} />
        <p>{t("set_password_dead")}</p>
        <a href="#/">{t("go_sign_in")}</a>
      </Door>
    );
  }
  return (
    <Door title={t("set_password")}>
      <p>
        {t("set_password_for")} <b>{whose.data.login}</b> ({whose.data.alias}). {t("set_password_ends")}
      </p>
      <form onSubmit={(e) => set.mutate(fieldsOf(e))}>
        {/* For the browser's keeper of passwords, which else saves it under no name. */}
        <input name="login" value={whose.data.login} readOnly hidden autoComplete="username" />
        <Field
          label={t("new_password")}
          name="password"
          type="password"
          complete="new-password"
          minLength={12}
          hint={t("password_hint")}
        />
        <Refusal error={set.error} />
        <button type="submit" className="main wide" disabled={set.isPending}>
          {t("set_password")}
        </button>
      </form>
    </Door>
  );
}

export function PasswordForm() {
  const { t } = useSpeech();
  const [isDone, setDone] = useState(false);
  const change = useMutation({
    mutationFn: (body: Record<string, string>) => call("staff/password", body),
    onSuccess: () => setDone(true),
  });
  return (
    <details>
      <summary>{t("change_password")}</summary>
      <form
        onSubmit={(e) => {
          setDone(false);
          const form = e.currentTarget;
          change.mutate(fieldsOf(e), { onSuccess: () => form.reset() });
        }}
      >
        <Field label={t("old_password")} name="old" type="password" complete="current-password" />
        <Field
          label={t("new_password")}
          name="fresh"
          type="password"
          complete="new-password"
          minLength={12}
          hint={t("password_hint")}
        />
        {change.error instanceof Refused && change.error.code === "wrong_login" ? (
          <p className="refusal" role="alert">
            <Icon name="warn" /> {t("old_password_wrong")}
          </p>
        ) : (
          <Refusal error={change.error} />
        )}
        {isDone && (
          <p role="status">
            {t("saved")} {t("password_ends_others")}
          </p>
        )}
        <button type="submit" disabled={change.isPending}>
          {t("change_password")}
        </button>
      </form>
    </details>
  );
}
