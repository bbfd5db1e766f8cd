/** What must not wait for a human: the one line that a child, or somebody choked, bleeding or near death, needs to read now. */

import { callsIn } from "./answer.ts";
import { atLeast, type Reason, WORDING } from "./level.ts";
import { OWN_LIFE } from "./own-death.ts";
import { TO_HER } from "./own-hand.ts";
import type { TextKey } from "./settings.ts";
import type { State } from "./state.ts";
import type { Heard } from "./triage/ear.ts";
import { say, type Turn, text } from "./turn.ts";
import { mentions, plain } from "./understand.ts";

/** In the order of their weight. The cards of flows remember `said_…` too, so that nothing is read twice. */
const NEEDS: readonly { readonly key: TextKey; readonly said: string; readonly of: readonly string[] }[] = [
  { key: "heard.life", said: "said_life", of: [...OWN_LIFE] },
  { key: "heard.baby", said: "said_baby", of: ["own_violence"] },
  { key: "heard.own", said: "said_own", of: ["own_violence", "threat_to_others"] },
  { key: "heard.child", said: "said_child", of: ["child"] },
  { key: "heard.strangled", said: "said_strangled", of: ["strangulation"] },
  { key: "heard.hurt", said: "said_hurt", of: ["injury", "medical", "pregnancy"] },
  { key: "heard.sexual", said: "said_sexual", of: ["sexual"] },
];
/** Who stands on a bridge has taken nothing, and has no door to unlock. */
const JUMPS =
  /(^| )(nhay (cau|lau|song|xuong|tu)|(tren|o|ra|thanh) (thanh )?cau|san thuong|ban cong|lan can|duong ray|bridge|jump|roof|balcony|railway)( |$)/;
/** That she was heard, and thanked for telling. */
const COURTESIES = ["said_heard", "said_thanks"];
/** More than this in one message is read by nobody who is afraid. */
const MAX_AT_ONCE = 2;

const BESIDE_LIFE = new Set(["distress", "information", "unanswered", "medical", WORDING]);
/** "Em ấy nói sẽ nhảy", told by a helper. */
const DIES =
  /(^| )(se nhay|nhay (lau|cau|song|xuong)|tu tu|tu sat|muon chet|doi chet|uong thuoc|cat tay|rach tay|treo co|khong muon song|het muon song)( |$)|\b(jump|kill (?:him|her)self|suicide|overdosed?|wants? to die)\b/;
/** Nobody runs from these: after a rape "em tắm rồi" is not answered with ways out and fire engines. */
const BODILY = new Set(["sexual", "medical", "pregnancy", "injury"]);
const IS_OVER = new Set([...BODILY, "distress", "information", "unanswered", WORDING]);

/** Says what is heard for the first time and has a line of its own; else that she is heard, or while it `isUrgent` what to do. */
export function sayHeard(turn: Turn, heard: Heard, isUrgent = false): void {
  const { remembered } = turn.state;
  const isHeard = (of: readonly string[]) => heard.reasons.some((r) => of.includes(r.category));
  const fresh = NEEDS.filter(
    (n) =>
      // "no": a sign has begun to show of what she told before (`core/signs.ts`).
      (remembered[n.said] === "no" || (remembered[n.said] !== "yes" && isHeard(n.of))) &&
      isForHer(turn, n.key),
  ).slice(0, MAX_AT_ONCE);
  for (const need of fresh) {
    remembered[need.said] = "yes";
    const words = text(turn, need.key);
    say(turn, words, { phones: callsIn(turn, words), safety: true });
  }
  if (fresh.length > 0) return;
  if (sayTaken(turn)) return;
  if (
    remembered.about === "other" &&
    DIES.test(plain(turn.state.recent.at(-1) ?? "")) &&
    atLeast(heard.level, "medium")
  )
    return sayOf(turn, "heard.other_life");
  // About to strike is told how not to, each time.
  if (isForHer(turn, "heard.baby") && heard.reasons.some((r) => r.category === "own_violence"))
    return sayOf(turn, "heard.baby");
  if (remembered.door === "own_violence" && (isUrgent || atLeast(heard.level, "high")))
    return say(turn, text(turn, "heard.own"), { safety: true });
  // "Em đang ở trên cầu", after she has spoken of dying: no way out of a house.
  if (
    isUrgent &&
    isLife(turn) &&
    heard.reasons.every((r) => BESIDE_LIFE.has(r.category) || OWN_LIFE.has(r.category))
  ) {
    const words = text(turn, "heard.life");
    return say(turn, words, { phones: callsIn(turn, words), safety: true });
  }
  if (isUrgent && remembered.about !== "other" && isNow(turn, heard)) return sayUrgent(turn);
  // Who fears himself is never told that it is not his fault (domain.md C3.13).
  const isFirst =
    remembered.said_heard !== "yes" && remembered.door !== "own_violence" && !isForHer(turn, "heard.baby");
  remembered.said_heard = "yes";
  if (isFirst && remembered.about !== "other") return say(turn, text(turn, "heard"));
  sayListening(turn);
}

/** "Thuốc ngủ", after she has read the card for her life: what must be done now that it is taken; true: it was said, once. */
export function sayTaken(turn: Turn): boolean {
  const { remembered, recent } = turn.state;
  if (remembered.said_life !== "yes" || remembered.said_took === "yes" || !isOwnLifeAlone(turn)) return false;
  if (recent.some((words) => JUMPS.test(plain(words)))) return false;
  remembered.said_took = "yes";
  const words = text(turn, "heard.took");
  say(turn, words, { phones: callsIn(turn, words), safety: true });
  return true;
}

/** Is it a danger to get away from: a rule heard one, or the words that sound like it are all there is ("nó đang lên")? */
function isNow({ state }: Turn, heard: Heard): boolean {
  if (state.reasons.some((r) => !IS_OVER.has(r.category))) return true;
  return heard.level === "emergency" && state.reasons.every((r) => !BODILY.has(r.category));
}

/** What to do now: to who is a child as to one, and in turn to who can get out and who cannot. */
function sayUrgent(turn: Turn): void {
  const { remembered } = turn.state;
  const isSecond = remembered.urged === "yes";
  remembered.urged = isSecond ? "no" : "yes";
  const grown = isSecond ? "heard.urgent_more" : "heard.urgent";
  const words = text(turn, remembered.child_writes === "yes" ? "heard.urgent_child" : grown);
  say(turn, words, { phones: callsIn(turn, words), safety: true });
}

function sayOf(turn: Turn, key: TextKey): void {
  const words = text(turn, key);
  say(turn, words, { phones: callsIn(turn, words), safety: true });
}

/**
 * Is that line for who writes? The ear hears "à không, ý tôi là chồng tôi đánh tôi" as her own violence: who is beaten never
 * reads what is for who strikes (domain.md C3.13), and who fears to hurt a baby reads what to do with it.
 */
function isForHer(turn: Turn, key: TextKey): boolean {
  const isOfBaby = turn.state.remembered.harms_child === "yes";
  if (key === "heard.baby") return isOfBaby;
  if (key === "heard.child") return !isOfBaby;
  if (key === "heard.own") return !isOfBaby && !isHurtHerself(turn);
  return key !== "heard.sexual" || !isChildUntold(turn);
}

function isHurtHerself({ state }: Turn): boolean {
  return state.remembered.door !== "own_violence" && state.reasons.some((r) => TO_HER.has(r.category));
}

/** A child says first who came into the room; windows for medicines are for who helps it (flows leave them out too). */
function isChildUntold({ state }: Turn): boolean {
  return !atLeast(state.level, "emergency") && state.reasons.some(isOfAChild);
}

/** "Chú bắt em xem phim người lớn": the category is what is done, and the words of the reason say to whom. */
function isOfAChild({ category, evidence }: Reason): boolean {
  return category === "child" || /(^|[ +])trẻ /.test(evidence);
}

function isLife({ state }: Turn): boolean {
  return state.reasons.some(({ category }) => OWN_LIFE.has(category));
}

/** Her own life is in danger, and nobody else's hand in it. */
function isOwnLifeAlone({ state }: Turn): boolean {
  const isLife = ({ category }: Reason) => OWN_LIFE.has(category);
  return (
    state.level === "emergency" &&
    state.reasons.some(isLife) &&
    state.reasons.every((r) => isLife(r) || BESIDE_LIFE.has(r.category))
  );
}

/** Who tells in many lines does not read the same line under each of them. */
const LISTENING = ["heard.again", "heard.more", "heard.still"] as const;

/** That she is read, and nothing else. */
export function sayListening(turn: Turn): void {
  const { remembered } = turn.state;
  const n = Number(remembered.listened ?? 0);
  remembered.listened = String((n + 1) % LISTENING.length);
  say(turn, text(turn, LISTENING[n] ?? "heard.again"));
}

/** Before the whole list is held against a message. */
const ASKS_TO_CALL = /(^| )(goi|keu|bao|cho|call|send)( |$)/;
/** "Nhờ hàng xóm gọi 113 giúp" speaks of somebody else who calls. */
const OTHERS_CALL =
  /(^| )(nho(?! (ban|chi|anh|ad|cac ban|ben minh) (bao|goi|keu|giup|gium|ho)( |$))|hang xom|nguoi than|ask|neighbou?rs?|friends?)( |$)/;

/** "12 Lê Lợi, gọi 113 giúp": who waits for a car that nobody has sent must read that; true: it was said. */
export function sayCannotCall(turn: Turn, words: string): boolean {
  if (
    !ASKS_TO_CALL.test(plain(words)) ||
    OTHERS_CALL.test(plain(words)) ||
    !mentions(turn.world.settings, "call_for_me", words)
  )
    return false;
  const cannot = text(turn, "cannot_call");
  if (cannot === "") return false;
  say(turn, cannot, { phones: callsIn(turn, cannot), safety: true });
  return true;
}

/** After a pause, an exit or a case what was said is said again: choked a second time, she needs a hospital a second time. */
export function forgetSaid({ remembered }: State): void {
  for (const key of [...NEEDS.map(({ said }) => said), ...COURTESIES]) delete remembered[key];
}
