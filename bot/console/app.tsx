/** The frame: who is signed in, which sections open to her, and the bar at the top. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Role, Staff } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { AskScreen, UnansweredScreen } from "./ask.tsx";
import { Desk } from "./desk.tsx";
import { Dialog, Empty, Loading, Refusal } from "./parts.tsx";
import { PrivacyScreen } from "./privacy.tsx";
import { linkTo, mayLeave, setLeaveGuard, useRoute } from "./route.ts";
import { Invitation, PasswordByLink, PasswordForm, SignIn } from "./sign-in.tsx";
import { useSpeech } from "./speech.tsx";
import { StaffScreen } from "./staff.tsx";
import { isSomethingUnsent, unsentBelongsTo } from "./unsent.ts";
import { forgetDuty, useWatch, WatchProvider } from "./watch.tsx";
import { Whole } from "./whole.tsx";
import type { WordKey } from "./words.ts";
import { dropAllWriting } from "./writing.ts";

/** The editor is large, and counsellors never need it. */
const ContentScreen = lazy(() => import("./content.tsx").then((m) => ({ default: m.ContentScreen })));

interface Section {
  readonly path: string;
  readonly word: WordKey;
  readonly roles: readonly Role[];
}
const AT_DESK: readonly Role[] = ["counsellor", "supervisor"];
const SECTIONS: readonly Section[] = [
  { path: "desk", word: "tab_desk", roles: AT_DESK },
  { path: "content", word: "tab_content", roles: ["editor", "administrator"] },
  { path: "unanswered", word: "tab_unanswered", roles: ["editor", "administrator"] },
  { path: "ask", word: "tab_ask", roles: ["counsellor", "supervisor", "editor", "administrator"] },
  { path: "privacy", word: "tab_privacy", roles: ["administrator"] },
  { path: "staff", word: "tab_staff", roles: ["administrator"] },
];

export function App() {
  const route = useRoute();
  const queries = useQueryClient();
  const me = useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const staff = await whoIsIn();
      // Another window may have signed in somebody else.
      const before = queries.getQueryData<Staff | null>(["me"]);
      if (before && staff && before.id !== staff.id) forgetSeen();
      if (staff) unsentBelongsTo(staff.id);
      return staff;
    },
    retry: false,
    refetchInterval: 60_000,
  });
  /** What somebody else saw in this window. (A link stays until its screen is gone: asked for again, it is not there.) */
  const forgetSeen = () =>
    queries.removeQueries({
      predicate: ({ queryKey }) => !["me", "invitation", "password-link"].includes(String(queryKey[0])),
    });
  const begin = (staff: Staff) => {
    forgetSeen();
    unsentBelongsTo(staff.id);
    queries.setQueryData(["me"], staff);
    // A used link leaves the address and the history.
    if (route[0] === "invite" || route[0] === "password") location.replace(linkTo());
  };
  if (route[0] === "invite" && route[1]) return <Invitation token={route[1]} onDone={begin} />;
  if (route[0] === "password" && route[1]) return <PasswordByLink token={route[1]} onDone={begin} />;
  if (me.isPending) return <Loading />;
  if (me.data === null) return <SignIn onDone={begin} />;
  if (!me.data) return <Refusal error={me.error} onRetry={() => void me.refetch()} />;
  const { id } = me.data;
  const frame = <Frame key={id} staff={me.data} route={route} />;
  if (!isAtDesk(me.data)) return frame;
  return (
    <WatchProvider key={id} staff={me.data}>
      {frame}
    </WatchProvider>
  );
}

/** null: nobody. A known answer and no error: a line that breaks afterwards must not bring back what stood here before. */
async function whoIsIn(): Promise<Staff | null> {
  try {
    return (await call<{ staff: Staff }>("staff/me")).staff;
  } catch (error) {
    if (error instanceof Refused && error.code === "signed_out") return null;
    throw error;
  }
}

function isAtDesk(staff: Staff): boolean {
  return staff.roles.some((role) => AT_DESK.includes(role));
}

function Frame({ staff, route }: { staff: Staff; route: readonly string[] }) {
  const { t } = useSpeech();
  const isOnline = useOnline();
  const sections = SECTIONS.filter((s) => s.roles.some((role) => staff.roles.includes(role)));
  const current = sections.find((s) => s.path === (route[0] ?? sections[0]?.path));
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("skip")}
      </button>
      <header className="bar">
        <span className="brand">
          <img src="/icon.svg" alt="" width="24" height="24" /> {t("brand")}
        </span>
        <Sections sections={sections} current={current} />
        <Account staff={staff} />
      </header>
      {!isOnline && (
        <p className="banner" role="alert">
          {t("offline")}
        </p>
      )}
      <main id="main" tabIndex={-1}>
        <Whole key={current?.path}>
          <Screen name={current?.path} staff={staff} route={route} />
        </Whole>
      </main>
    </div>
  );
}

function Sections({ sections, current }: { sections: readonly Section[]; current: Section | undefined }) {
  const { t } = useSpeech();
  const waiting = useWatch()?.waiting ?? 0;
  const nav = useRef<HTMLElement>(null);
  const path = current?.path;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another section is opened
  useEffect(() => {
    // On a phone the sections are wider than the screen: the one that is open must be among those that show.
    const open = nav.current?.querySelector("[aria-current]");
    open?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return (
    <nav aria-label={t("main_nav")} ref={nav}>
      {sections.map((s) => (
        <a key={s.path} href={linkTo(s.path)} aria-current={s === current ? "page" : undefined}>
          {t(s.word)}
          {s.path === "desk" && waiting > 0 && (
            <span className="count">
              {waiting}
              <span className="unseen"> {t("someone_waits")}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}

function Screen({
  name,
  staff,
  route,
}: {
  name: string | undefined;
  staff: Staff;
  route: readonly string[];
}) {
  const { t } = useSpeech();
  switch (name) {
    case "desk":
      return <Desk openId={route[1] ?? null} />;
    case "content":
      return (
        <Suspense fallback={<Loading />}>
          <ContentScreen kind={route[1]} itemKey={route[2]} line={route[3]} />
        </Suspense>
      );
    case "unanswered":
      return <UnansweredScreen />;
    case "ask":
      return <AskScreen />;
    case "privacy":
      return <PrivacyScreen />;
    case "staff":
      return <StaffScreen staff={staff} />;
    default:
      return <Empty title={t("not_found_screen")} />;
  }
}

function Account({ staff }: { staff: Staff }) {
  const { t, lang, setLang, named } = useSpeech();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const held = useWatch()?.queue?.cases.filter((c) => c.mine && c.state === "claimed").length ?? 0;
  const signOut = async () => {
    // Asked before: whoever stays must not stand before a console whose session is over.
    if (!mayLeave() || (isSomethingUnsent() && !confirm(t("leave_unsent")))) return;
    try {
      // It ends the duty too; of a session that has ended by itself nothing is left to end.
      await call("staff/sign-out", {});
      forgetDuty();
      setLeaveGuard(null);
      unsentBelongsTo("");
      dropAllWriting();
      queries.clear();
      location.assign("/console/");
    } catch (why) {
      setError(why);
    }
  };
  return (
    <div className="account">
      <button
        type="button"
        className="quiet"
        lang={lang === "vi" ? "en" : "vi"}
        onClick={() => setLang(lang === "vi" ? "en" : "vi")}
      >
        {t("language")}
      </button>
      <button type="button" className="quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {staff.alias}
      </button>
      {isOpen && (
        <Dialog title={t("account")} onClose={() => setOpen(false)}>
          <p>
            <b>{staff.alias}</b> ({staff.login})<br />
            {staff.roles.map((r) => named("role_", r)).join(", ")}
          </p>
          <Refusal error={error} />
          {held > 0 && (
            <p className="banner">
              {t("still_holds")} {held}
            </p>
          )}
          <button type="button" className="wide" onClick={() => void signOut()}>
            {t("sign_out")}
          </button>
          <PasswordForm />
        </Dialog>
      )}
    </div>
  );
}

function useOnline(): boolean {
  const [isOnline, set] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => set(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return isOnline;
}
