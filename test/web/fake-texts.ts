/** The survivors' page's texts for tests, as flows/texts.yaml should carry them. */

import type { Bilingual } from "../../bot/core/message.ts";
import type { PageTextKey } from "../../bot/web/page-texts.ts";

export const FAKE_TEXTS: Readonly<Record<PageTextKey, Bilingual>> = {
  page_title: { vi: "Góc nhỏ", en: "Small corner" },
  page_heading: {
    vi: "Chào bạn. Ở đây bạn nói gì cũng được lắng nghe.",
    en: "Hello. Whatever you say here is heard.",
  },
  page_intro: {
    vi: "Không cần tên, không cần số điện thoại. Máy trả lời trước; khi bạn muốn, có người tư vấn thật trò chuyện cùng bạn.",
    en: "No name, no phone number needed. A machine answers first; when you want, a real counsellor talks with you.",
  },
  page_privacy: {
    vi: "Khi bạn thoát, cuộc trò chuyện kết thúc và trang không để lại gì trong trình duyệt. Lịch sử trình duyệt có thể vẫn ghi địa chỉ trang này; bạn có thể xóa dòng đó, hoặc lần sau dùng cửa sổ ẩn danh.",
    en: "When you leave, the conversation ends and the page keeps nothing in this browser. The browser's history may still list this address; you can delete that entry, or use a private window next time.",
  },
  page_start: { vi: "Bắt đầu trò chuyện", en: "Start talking" },
  page_write_label: { vi: "Hoặc viết ngay điều bạn muốn nói", en: "Or write what you want to say now" },
  page_send: { vi: "Gửi", en: "Send" },
  page_exit: { vi: "Thoát nhanh", en: "Leave now" },
  page_exit_hint: {
    vi: "Nút Thoát nhanh, hoặc phím Esc bấm ba lần, đưa bạn sang một trang khác ngay.",
    en: "The Leave now button, or Esc three times, takes you to another page at once.",
  },
  page_numbers: { vi: "Số có thể gọi", en: "Numbers you can call" },
  page_numbers_intro: { vi: "Chạm vào số để gọi.", en: "Tap a number to call." },
  page_call: { vi: "Gọi", en: "Call" },
  page_conversation: { vi: "Cuộc trò chuyện", en: "Conversation" },
  page_choices: { vi: "Chọn một câu trả lời", en: "Choose an answer" },
  page_you: { vi: "Bạn", en: "You" },
  page_bot: { vi: "Máy trả lời", en: "Automatic reply" },
  page_counsellor: { vi: "Người tư vấn", en: "Counsellor" },
  page_sending: { vi: "Đang gửi", en: "Sending" },
  page_not_sent: { vi: "Chưa gửi được, trang sẽ tự thử lại.", en: "Not sent yet; the page will try again." },
  page_retry: { vi: "Gửi lại", en: "Send again" },
  page_offline: {
    vi: "Đang mất mạng. Tin của bạn chưa đi; trang sẽ gửi khi có mạng. Bạn vẫn gọi được các số trên trang này.",
    en: "No connection. Your message has not gone; the page sends it when the line is back. The numbers on this page still work.",
  },
  page_reconnecting: { vi: "Đang nối lại. Bạn cứ viết tiếp.", en: "Connecting again. You can keep writing." },
  page_too_many: {
    vi: "Tin đến nhanh quá nên chưa nhận kịp; trang sẽ gửi lại sau giây lát. Nếu đang nguy hiểm, bạn gọi ngay một số trên trang này.",
    en: "Messages came too fast; the page sends them again in a moment. If you are in danger, call a number on this page now.",
  },
  page_too_long: {
    vi: "Tin này dài quá. Bạn chia thành vài tin ngắn hơn nhé.",
    en: "This message is too long. Please split it into shorter ones.",
  },
  page_trouble: {
    vi: "Trang đang gặp trục trặc. Nếu bạn cần giúp ngay, hãy gọi một số trên trang này.",
    en: "The page is having trouble. If you need help now, call a number on this page.",
  },
  page_refresh: { vi: "Xem tin mới", en: "See new messages" },
  page_language: { vi: "Ngôn ngữ", en: "Language" },
  page_latest: { vi: "Tin mới ở dưới", en: "New message below" },
};
