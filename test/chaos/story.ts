/** What every person of a chaos run says, and what must come back: written by hand, from what the service promises. */

export interface Stop {
  readonly says: string;
  readonly answer: RegExp;
  /** A safety text: may come twice when its first delivery was cut in the middle (and only then is it allowed). */
  readonly safety?: boolean;
  /** Which of its answers carries hotlines and is such a safety text; the others may not come twice. */
  readonly hotlines?: RegExp;
}

/** With the machine. `mark` makes her first words her own, so that her case can be told from others. */
export function story(mark: string): readonly Stop[] {
  return [
    { says: `alo ${mark}`, answer: /máy trả lời tự động/ },
    { says: "có", answer: /Điều nào gần với bạn nhất/ },
    { says: "5", answer: /Bạn cứ hỏi bằng lời của mình/ },
    { says: "cấm tiếp xúc là gì", answer: /Lệnh cấm|13\/2022/ },
    { says: "no dang cam dao ngoai cua", answer: /113[\s\S]*115[\s\S]*(Tránh bếp|lối ra)/, safety: true },
    {
      says: "có",
      answer: /Mình đã gọi tư vấn viên|chưa có tư vấn viên nào trực/,
      hotlines: /chưa có tư vấn viên nào trực[\s\S]*113[\s\S]*115/,
    },
  ];
}

/** With the counsellor: how many times they write to each other. */
export const ROUNDS = 2;
export const JOINED = /đã vào\. Đây là người thật/;
export const LEFT = /Tư vấn viên đã rời/;
/** Said again while she waits in a long queue; and to what she writes meanwhile. */
export const STILL_WAITING = /^(Bạn vẫn đang trong hàng chờ|Mình vẫn ở đây, nhưng lúc này chưa có ai trực)/;
export const MAX_STILL_WAITING = 2;
export const WRITTEN_DOWN = /^Mình đã ghi lại/;
/** To who wrote to a counsellor and got no answer for minutes. */
export const NOT_ANSWERED = /^Tư vấn viên chưa trả lời kịp/;
/** To words that sound like a question, in danger: no article now. */
export const RATHER_A_HUMAN = /^Mình có bài về việc này, nhưng/;
/** "A message may not have arrived": said when a delivery was cut in the middle. */
export const TOLD = /^Có thể một tin/;

export const counsellorSays = (mark: string, round: number) => `Mình đây, ${mark}, lần ${round}.`;
export const personSays = (mark: string, round: number) => `em nghe ${mark} ${round}`;
