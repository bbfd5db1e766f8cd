/** Keeping and hearing what the person wrote: transcript, risk, and the emergency card over everything. */

import { admitsHerself, isOfChild, isOfGrownUp, saysHelper, whose } from "./about-another.ts";
import { forbidsTelling } from "./asked-in-danger.ts";
import { deniesAll } from "./asked-or-told.ts";
import { isCalmer, sayCalmer } from "./calmer.ts";
import { humanSpeaks } from "./elsewhere.ts";
import { raisedBy } from "./flow/old.ts";
import { answersCalmly, askAgain, startFlow } from "./flow/run.ts";
import { withPieces } from "./in-pieces.ts";
import { atLeast, higher, isByWording } from "./level.ts";
import type { Content } from "./message.ts";
import { sayCannotCall, sayHeard } from "./needs.ts";
import { saysChild, tellsOfHers } from "./own-age.ts";
import { withDeath } from "./own-death.ts";
import { harmsChild, withOwnChild, withOwnHand } from "./own-hand.ts";
import { isSecret, MASK } from "./own-words.ts";
import { withInjury, withSign } from "./signs.ts";
import { withStruckAgain } from "./struck-again.ts";
import { goesOnErrand } from "./taking-leave.ts";
import type { Heard } from "./triage/ear.ts";
import { count, effect, newMessageId, openCase, raise, type Turn } from "./turn.ts";
import { isCommand, plain } from "./understand.ts";
import { asksWhatNow, heardWhatNow } from "./what-now.ts";

/** As much as any channel takes. What is longer is heard whole, and kept with its beginning and its end, where "now" stands. */
const MAX_KEPT = 20_000;
const LEFT_OUT = "\n[…]\n";
/** Her last texts that the ear is given as context. */
const MAX_RECENT = 5;

/** "Dạ có, em nói được ạ": what is longer may tell something besides. */
const SHORT_ANSWER = 6;
/** "Đừng vào nữa nó về rồi": longer messages tell of it. */
const MAX_CRY_WORDS = 9;
/** Nothing else is said. */
const NOT_RIGHT_NOW =
  /^(?:(?:da|thua) )?(?:(?:khong|ko|k|kh|hong|hem|hok|chua|hk)(?: (?:co|phai|bi))* (?:ngay )?(?:luc nay|bay gio|bay chu|bh|gio|hien tai|hien gio|hom nay)|(?:ngay )?(?:luc nay|bay gio|bay chu|bh|gio|hien tai|hien gio)(?: nay)?(?: thi)? (?:khong|ko|k|hong|chua)(?: (?:co|bi|phai|sao))*|(?:no )?not (?:right now|now|at the moment|currently|today))(?: (?:dau|a|ah|nha|nhe|nghen|nua|em|con|chi|ban))*$/;
/** Done or begun, not only wished for. */
const TO_HERSELF: ReadonlySet<string> = new Set(["suicide", "self_harm"]);
const ARRIVED = / (roi|toi|nua|back|home|coming|any ?more)$/;
const NOT_NOW =
  /(^| )(hom (qua|kia|truoc|no)|toi qua|dem qua|luc nay|hoi nay|khi|neu|luc|moi lan|truoc khi|if|when|yesterday|last|not|khong biet)( |$)/;

/** The texts of what she did; null: there was none to read. */
export function wordsOf(content: Content): string | null {
  switch (content.kind) {
    case "text":
    case "edited":
      return content.text;
    case "arrived":
      return content.text ?? null;
    case "media":
      return content.caption ?? null;
    default:
      return null;
  }
}

/** Keeps what she did as a line of the transcript. */
export function keep(
  turn: Turn,
  content: Content,
  words: string | null,
  platformRef: string | undefined,
): void {
  const media = content.kind === "media" ? content.media : undefined;
  const shown = content.kind === "choice" ? labelOf(turn, content.value) : masked(turn, words ?? "");
  // Without words it is still a line on her phone, if the platform gave it an id: an exit must delete it too.
  if (content.kind === "arrived" && shown === "" && !platformRef) return;
  effect(turn, {
    type: "keep_message",
    id: newMessageId(turn),
    text: shortened(shown),
    ...(media ? { media } : {}),
    ...(platformRef ? { platformRef } : {}),
  });
}

function shortened(words: string): string {
  if (words.length <= MAX_KEPT) return words;
  const half = Math.floor((MAX_KEPT - LEFT_OUT.length) / 2);
  return `${words.slice(0, half)}${LEFT_OUT}${words.slice(-half)}`;
}

/** What a tapped button said, for the transcript. */
function labelOf(turn: Turn, value: string): string {
  return turn.state.offered.find((c) => c.value === value)?.label ?? "✓";
}

/** Staff never see her own words, nor what she writes where one is asked for. */
function masked(turn: Turn, words: string): string {
  return words !== "" && isSecret(turn, words) ? MASK : words;
}

/** The ear, on this text with her last ones; what it hears counts at once. */
export function hear(turn: Turn, words: string): Heard {
  const { state, world } = turn;
  // "Không phải lúc này" is our button typed by hand, and "hổng phải bây giờ" is the same: what she told before does not make
  // danger of it.
  const before = fresh(turn);
  const isLabel =
    NOT_RIGHT_NOW.test(plain(words)) ||
    goesOnErrand(words) ||
    state.offered.some((choice) => plain(choice.label) === plain(words));
  const said = asksWhatNow(words)
    ? heardWhatNow(turn, words)
    : withDeath(
        isLabel ? world.ear(words, []) : withPieces(world.ear(words, before), words, before, world.ear),
        words,
        before,
        state.reasons,
      );
  const helps = state.remembered.helps === "yes" || saysHelper(words);
  const own = withOwnHand(besideHuman(turn, asAnswer(turn, said, words)), words, state.reasons);
  const isChild = saysChild(words, before);
  const told = withChild(helps || !isChild ? own : withWriter(own), words, helps);
  const struck = isChild || state.remembered.child_writes === "yes" ? withStruckAgain(told, words) : told;
  const { heard, again } = withSign(
    withInjury(withHarm(turn, struck, words, before), words, state.level),
    words,
    state.reasons,
  );
  // What is to be done is read again when it begins to show.
  if (again) state.remembered[again] = "no";
  noteWhose(turn, heard, words, isChild);
  const isKept = !isSecret(turn, words) || heard.level !== "none";
  if (isKept && (plain(words) !== "" || heard.level !== "none")) keepRecent(turn, words.slice(-500));
  if (heard.level !== "none") raise(turn, heard.level, heard.reasons);
  // What raised the level otherwise (a question left open) is nothing that she would be thanked for telling.
  if (atLeast(heard.level, "medium")) state.remembered.told = "yes";
  return heard;
}

/** Cards and lines of her own for who fears to hurt a small child, until she tells of something else that is grave. */
function withHarm({ state }: Turn, heard: Heard, words: string, before: readonly string[]): Heard {
  if (!harmsChild(words, before)) {
    const isElse = atLeast(heard.level, "high") && !isByWording(heard.reasons);
    if (isElse && state.remembered.harms_child === "yes") state.remembered.harms_child = "no";
    return heard;
  }
  state.remembered.harms_child = "yes";
  return withOwnChild(heard);
}

/**
 * A short answer to our own question is that, although it sounds like trouble: "có, em nói được" was medium, and met "thank you
 * for telling". What sounds graver stands: "có, em uống thuốc rồi" answers too, and no rule may know it.
 */
function asAnswer(turn: Turn, heard: Heard, words: string): Heard {
  // "Don't call the police please" is no call for help, though the words are the same.
  if (forbidsTelling(words)) return { level: "none", reasons: [] };
  if (atLeast(heard.level, "high") || !isByWording(heard.reasons)) return heard;
  // "Không có đòi mật khẩu gì đâu", and nothing else: noted, but no card thanks her for telling it.
  if (heard.level === "medium" && deniesAll(words)) return { ...heard, level: "low" };
  const isShort = plain(words).split(" ").length <= SHORT_ANSWER;
  return isShort && answersCalmly(turn, words) ? { level: "none", reasons: [] } : heard;
}

/** What she told before a pause colours nothing that she says after it: "hôm nay ảnh lại chửi" is not of last week's broken rib. */
function fresh({ state }: Turn): readonly string[] {
  return state.recent.slice(staleOf(state));
}

function staleOf({ recent, remembered }: Turn["state"]): number {
  const stale = Number(remembered.stale ?? 0);
  return stale <= recent.length ? stale : 0;
}

function keepRecent({ state }: Turn, words: string): void {
  const stale = staleOf(state);
  const all = [...state.recent, words];
  const over = Math.max(0, all.length - MAX_RECENT);
  state.recent = all.slice(over);
  if (state.remembered.stale !== undefined) state.remembered.stale = String(Math.max(0, stale - over));
}

/**
 * By the wording alone no card comes over a talk with a human, who reads the same words ("dạ có chị gái em, em cảm ơn chị"
 * was an emergency): the desk rings for it as for what is high.
 */
function besideHuman(turn: Turn, heard: Heard): Heard {
  const isAlone = isByWording(heard.reasons) && humanSpeaks(turn);
  return heard.level === "emergency" && isAlone ? { ...heard, level: "high" } : heard;
}

/** The ear hears what is done, not who writes: a child who says so is a red flag (domain.md B4). */
function withWriter(heard: Heard): Heard {
  const reason = { category: "child", evidence: "người viết nói mình là trẻ em" };
  return { ...heard, level: higher(heard.level, "medium"), reasons: [...heard.reasons, reason] };
}

/** A teacher tells of a pupil, a mother of hers: a child is hurt, and the law asks for 111 (domain.md D5). */
function withChild(all: Heard, words: string, helps: boolean): Heard {
  const heard = withoutFalseChild(all, words);
  const isTold = atLeast(heard.level, "medium") && !heard.reasons.some((r) => r.category === "child");
  const isOfPupil = () => whose(words, helps) === "other" && isOfChild(words);
  if (!isTold || !(tellsOfHers(words) || isOfPupil())) return heard;
  const reason = { category: "child", evidence: "trẻ bị đánh hoặc xâm hại" };
  return { ...heard, reasons: [...heard.reasons, reason] };
}

/** "Con dâu tui bị oánh": who tells of a grown-up is not asked to tell a grown-up. */
function withoutFalseChild(heard: Heard, words: string): Heard {
  const others = heard.reasons.filter((r) => r.category !== "child");
  return others.length > 0 && isOfGrownUp(words) ? { ...heard, reasons: others } : heard;
}

/** Flows and lines speak to a helper as one, until she tells of herself; and to a child as a child. */
function noteWhose({ state }: Turn, heard: Heard, words: string, isChild: boolean): void {
  if (saysHelper(words)) state.remembered.helps = "yes";
  // From here on she is who is hurt: the next card is hers, and not behind the helper's door.
  if (admitsHerself(words)) {
    state.remembered.about = "self";
    state.remembered.helps = "no";
    if (state.remembered.door === "helper") delete state.remembered.door;
    return;
  }
  // "Học sinh nữ lớp em 14 tuổi", told by a teacher.
  if (isChild && state.remembered.helps !== "yes") state.remembered.child_writes = "yes";
  if (heard.level === "none") return;
  const told = whose(words, state.remembered.helps === "yes");
  // Behind the helper's door what shows nothing is of whom she helps.
  const about =
    told ?? (state.remembered.door === "helper" ? (state.remembered.about ?? "other") : undefined);
  if (about !== undefined) state.remembered.about = about;
}

/** Did the ear hear anything at all in it? Such words are kept until they can be answered, however short they are. */
export function isHeard(heard: Heard | null): boolean {
  return heard !== null && heard.level !== "none";
}

/** "I am not safe any more": an emergency, whatever else stands open. */
export function unsafeWhileWaiting(turn: Turn, words: string): boolean {
  const isKnown = isCommand(turn.world.settings, "unsafe_now", words) || endsUnsafe(turn, words);
  if (!isKnown && !isBackAgain(turn, words)) return false;
  raise(turn, "emergency", [{ category: "violence_now", evidence: "báo không còn an toàn" }]);
  return true;
}

/** "Đừng vào nữa, nó về rồi": her last words in a short message, not of yesterday, and no question. */
function endsUnsafe(turn: Turn, words: string): boolean {
  const said = plain(words);
  if (said.split(" ").length > MAX_CRY_WORDS || NOT_NOW.test(said) || /[?？]/.test(words)) return false;
  for (const phrase of turn.world.settings.words.unsafe_now)
    if (ARRIVED.test(phrase) && said.endsWith(` ${phrase}`)) return true;
  return false;
}

/** "Bố về rồi", after she has told something grave; from a calm child it is good news. */
const BACK =
  /^(?:(?:chi oi|da|a|chet|thoi|em oi|ad oi) )*(?:bo|ba|cha|duong|me|ma|chu|bac|cau|anh(?: trai| ta| ay)?|ong(?: ngoai| noi| ta)?|ba (?:ta|ay)|con trai(?: toi| em)?|thang (?:con|chau|do)|bo duong|cha duong|me chong|bo chong|vo(?: toi| anh)?|co ay|nguoi yeu(?: em)?|ban trai(?: em)?) (?:lai )?(?:ve|ve toi|ve den|vo|vao|len|den|toi)(?: (?:toi )?(?:nha|cua|noi))?(?: roi| day| kia)+(?: chi| a| oi)*$/;

function isBackAgain({ state }: Turn, words: string): boolean {
  return atLeast(state.level, "high") && BACK.test(plain(words));
}

/** "Yes, right now", pressed where no question can take it: danger like the same words, also days after it was shown. */
export function dangerPressed(turn: Turn, content: Content): boolean {
  const raised = content.kind === "choice" ? raisedBy(turn, content.value) : undefined;
  if (raised?.level !== "emergency") return false;
  raise(turn, raised.level, [{ category: raised.category, evidence: raised.evidence.vi }]);
  return true;
}

/** The short card and the offer of a human, over everything; not again within a few minutes. */
export function emergency(turn: Turn, heard: Heard | null = null, words: string | null = null): void {
  const { state, event, world } = turn;
  const isToldSo = words !== null && sayCannotCall(turn, words);
  const before = state.case;
  if (world.settings.emergency_case_without_asking) openCase(turn, false);
  const recently = event.at - state.emergencyAt < world.settings.emergency_repeat_minutes * 60_000;
  const top = state.frames.at(-1);
  // She has taken something: the card that she read was not about that.
  const isOwnLife =
    state.remembered.said_life !== "yes" && heard?.reasons.some((r) => TO_HERSELF.has(r.category));
  // Behind a closed gate the counsellor's answer would wait, and her "call a human" would meet it: the card opens it.
  const isOpen = state.lock === null;
  if (recently && isOpen && !isOwnLife && top?.flow === world.settings.flows.emergency) {
    // "Tôi bỏ dao rồi" holds a word of danger, and says that it passes.
    if (words !== null && isCalmer(turn, words)) sayCalmer(turn);
    else if (heard && !isToldSo) sayHeard(turn, heard, true);
    return askAgain(turn);
  }
  if (recently && isOpen && humanSpeaks(turn)) return;
  // She waits for the human whom she asked for, and has read the card: neither is put before her again at once.
  const isInLine = top === undefined && state.remembered.called === "yes" && state.case !== null;
  if (recently && isOpen && heard && !isOwnLife && isInLine) {
    if (!isToldSo) sayHeard(turn, heard, true);
    return;
  }
  state.emergencyAt = event.at;
  // What came before was heard; the card answers it all.
  state.burst = [];
  state.greeted = true;
  // She is in danger: the lock must not stand between her and help, and the card itself gives nothing away.
  const wasLocked = state.lock !== null;
  state.lock = null;
  // The card answers what came late as well: no gate brings it a second time.
  state.late = null;
  count(turn, "emergency_card");
  // She left or was locked out, and is there: the desk must not take her for gone, ring for nobody, refuse its answers.
  if (wasLocked && before) effect(turn, { type: "mark_case", caseId: before.id, mark: "returned" });
  if (wasLocked && state.own.private !== null) {
    // Anybody may have written it: the desk is told, and nothing of before comes back with the card.
    effect(turn, { type: "audit", action: "opened_by_danger", detail: "" });
    state.held = state.held.map((h) => ({ ...h, why: "locked", until: null }));
  }
  // Asking stops here: nobody is screened while he stands outside.
  startFlow(turn, world.settings.flows.emergency, "main");
}
